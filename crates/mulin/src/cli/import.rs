//! Places, requests and letters that come from elsewhere.

use super::{ImportArgs, ImportMailArgs, ImportPlacesArgs, tell, unavailable};
use crate::boot;
use kit::Result;

pub async fn places(args: &ImportPlacesArgs) -> Result<()> {
    use commons::place::{sheet, store};
    let bytes = std::fs::read(&args.file).map_err(|e| unavailable(&format!("{}: {e}", args.file.display())))?;
    let app = match &args.new_community {
        Some(name) => {
            let app = boot::open(&args.data.settings()).await?;
            let code =
                args.tenant.as_deref().ok_or_else(|| unavailable("name the new community's code with --tenant"))?;
            crate::keep::export::new_community(&app, code, name).await?;
            app
        }
        None => boot::open_existing(&args.data.settings()).await?,
    };
    let tenant = crate::keep::export::tenant(&app, args.tenant.as_deref()).await?.id;
    let plan = sheet::plan(&bytes, &store::all(&app.db, tenant).await?).map_err(|error| match error {
        kit::Error::Invalid(fields) => {
            let sentence = fields.first().map(|field| crate::words::reason(kit::i18n::Lang::En, field.reason));
            unavailable(&sentence.map_or_else(String::new, |sentence| sentence.to_string()))
        }
        other => other,
    })?;
    for error in &plan.errors {
        let why = crate::words::reason(kit::i18n::Lang::En, error.reason);
        eprintln!("row {}, column {}: {why} ({})", error.row, error.column, error.value);
    }
    if !plan.errors.is_empty() {
        return Err(unavailable(&format!("{} errors; nothing was imported", plan.errors.len() + plan.more_errors)));
    }
    if !args.dry_run {
        let (context, planned) = (app.context(), &plan);
        app.db.transact(&context, |tx| Box::pin(async move { sheet::apply(tx, tenant, planned).await })).await?;
    }
    let compounds: Vec<_> =
        plan.compounds.iter().map(|(code, name)| serde_json::json!({ "code": code, "name": name })).collect();
    let counts = serde_json::json!({ "added": plan.added, "changed": plan.changed, "unchanged": plan.unchanged,
        "new_compounds": compounds, "dry_run": args.dry_run });
    let tried = if args.dry_run { "would be " } else { "" };
    tell(args.json, &counts, || {
        let new = plan.compounds.iter().map(|(code, name)| format!("new compound {tried}made: {name} ({code})\n"));
        let counts =
            format!("{} {tried}added, {} {tried}changed, {} unchanged", plan.added, plan.changed, plan.unchanged);
        new.collect::<String>() + &counts
    })
}

pub async fn requests(args: &ImportArgs) -> Result<()> {
    use crate::keep::records::read;
    if let Some(form) = read::form_of(&args.file)? {
        let app = boot::open_existing(&args.data.settings()).await?;
        let tenant = crate::keep::export::tenant(&app, args.tenant.as_deref()).await?;
        let counts = read::run(&app, &tenant, &args.file, form).await?;
        return tell(args.json, &counts, || {
            format!("{} records read, {} added, {} known before", counts.read, counts.added, counts.known)
        });
    }
    let unreadable = |e: std::io::Error| kit::Error::Unavailable(format!("{}: {e}", args.file.display()));
    let file = std::fs::File::open(&args.file).map_err(unreadable)?;
    let app = boot::open(&args.data.settings()).await?;
    let counts = crate::say::requests::import::run(&app, std::io::BufReader::new(file), |counts| {
        eprint!("\r{} of {} records", counts.added + counts.known, counts.read);
    })
    .await?;
    eprintln!();
    if args.json {
        println!("{}", serde_json::to_string(&counts).map_err(kit::Error::internal)?);
    } else {
        println!(
            "{} records read, {} added, {} known before, {} without words",
            counts.read, counts.added, counts.known, counts.skipped
        );
    }
    Ok(())
}

pub async fn mail(args: &ImportMailArgs) -> Result<()> {
    use crate::say::requests::mail;
    use std::io::Read;
    let open = || -> std::io::Result<Box<dyn std::io::Read>> {
        if args.file.as_os_str() == "-" {
            return Ok(Box::new(std::io::stdin().lock()));
        }
        Ok(Box::new(std::fs::File::open(&args.file)?))
    };
    let mut raw = Vec::new();
    let bound = kit::mail::incoming::LETTER_BYTES_MAX as u64 + 1;
    let read = open().and_then(|from| std::io::Read::take(from, bound).read_to_end(&mut raw));
    read.map_err(|e| unavailable(&format!("{}: {e}", args.file.display())))?;
    let app = boot::open_existing(&args.serve.settings(false)).await?;
    let envelope = mail::Envelope { to: args.to.clone(), from: args.from.clone() };
    let fate = mail::receive(&app, &raw, &envelope).await?;
    tell(true, &fate, String::new)
}
