//! The way of SQLite to its files, with one stop: the database file itself.
//!
//! Journals, logs and temporary files go straight to the system's own layer. So does everything about the database file but
//! reading and writing: a page gets its sum as it is written, and a page whose sum differs is not handed out.
//! Memory maps would go past us, so the layer does not offer them; neither does it offer reads of parts of a page.

use crate::header::{self, State};
use crate::page;
use rusqlite::ffi::{
    self, SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_RESERVE_BYTES, SQLITE_IOERR_DATA, SQLITE_IOERR_WRITE, SQLITE_OK,
    SQLITE_OPEN_MAIN_DB, sqlite3_file, sqlite3_io_methods, sqlite3_vfs,
};
use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::OnceLock;

pub const NAME: &CStr = c"pagesum";

/// SQLite's flag for devices that can read a part of a page without the rest.
const READS_PARTS: c_int = 0x8000;

/// A database file: ours, and behind it in the same piece of memory the system's own.
#[repr(C)]
struct File {
    methods: *const sqlite3_io_methods,
    /// A page is copied here to be stamped: what SQLite gives us to write is not ours to change.
    copy: Vec<u8>,
    /// Bytes of the page written last; 0 before the first.
    page: usize,
    /// Pages have room for a sum, so each gets one.
    stamps: bool,
    /// Every page has a sum, so one without is damaged.
    verifies: bool,
}

/// The layer below ours, found once.
struct Below(*mut sqlite3_vfs);

// SAFETY: the system's layer is made by SQLite, is never changed or freed, and may be called from every thread.
unsafe impl Send for Below {}
// SAFETY: as above.
unsafe impl Sync for Below {}

static BELOW: OnceLock<Option<Below>> = OnceLock::new();

/// Makes the layer known to SQLite under [`NAME`]; whether it is.
pub fn register() -> bool {
    BELOW
        .get_or_init(|| {
            // Counting every piece of memory costs a lock each time, and nobody reads the count. Refused, and no harm done, when
            // somebody else has used SQLite before us.
            // SAFETY: this option takes one number; SQLite itself refuses it once it is initialised.
            unsafe { ffi::sqlite3_config(ffi::SQLITE_CONFIG_MEMSTATUS, 0 as c_int) };
            // SAFETY: asks for the default layer; SQLite initialises itself first when it has not yet.
            let below = unsafe { ffi::sqlite3_vfs_find(std::ptr::null()) };
            // SAFETY: what is found stays for good and is a plain record, made to be copied.
            let mut own = unsafe { below.as_ref() }.copied()?;
            own.szOsFile += size_of::<File>() as c_int;
            own.zName = NAME.as_ptr();
            own.pNext = std::ptr::null_mut();
            own.xOpen = Some(open);
            let own: &'static mut sqlite3_vfs = Box::leak(Box::new(own));
            // SAFETY: the record lives for ever, as SQLite asks; 0 leaves the default layer the default.
            let known = unsafe { ffi::sqlite3_vfs_register(own, 0) };
            (known == SQLITE_OK).then_some(Below(below))
        })
        .is_some()
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let Some(Some(Below(below))) = BELOW.get() else { return ffi::SQLITE_CANTOPEN };
    // SAFETY: it was not null when it was found.
    let Some(open_below) = (unsafe { (**below).xOpen }) else { return ffi::SQLITE_CANTOPEN };
    if flags & SQLITE_OPEN_MAIN_DB == 0 {
        // SAFETY: the arguments are SQLite's own, and the piece of memory is larger than the layer below asks for.
        return unsafe { open_below(*below, name, file, flags, out) };
    }
    let own = file.cast::<File>();
    // SAFETY: SQLite gave us `szOsFile` bytes, enough for our record and the one behind it; nothing in it is alive yet.
    unsafe {
        own.write(File { methods: std::ptr::null(), copy: Vec::new(), page: 0, stamps: false, verifies: false });
        let inner = own.add(1).cast::<sqlite3_file>();
        (*inner).pMethods = std::ptr::null();
        let opened = open_below(*below, name, inner, flags, out);
        if opened != SQLITE_OK {
            // Without methods SQLite does not close, so what the layer below opened halfway is closed here.
            if let Some(close_below) = (*inner).pMethods.as_ref().and_then(|methods| methods.xClose) {
                close_below(inner);
            }
            return opened;
        }
        (*own).methods = &METHODS;
        let state = state(inner);
        // A file that begins through us has its sums from the first page, whichever page is written first.
        (*own).stamps = state.has_room() || state == State::Empty;
        (*own).verifies = state == State::Kept;
    }
    SQLITE_OK
}

/// What the header of an open file of the layer below says.
///
/// # Safety
/// `inner` is open.
unsafe fn state(inner: *mut sqlite3_file) -> State {
    let mut head = [0_u8; header::BYTES];
    // SAFETY: as the caller promises.
    match unsafe { read_below(inner, &mut head, 0) } {
        SQLITE_OK => State::of(&head),
        _ => State::Empty,
    }
}

/// The file behind ours.
fn inner(own: *mut File) -> *mut sqlite3_file {
    own.wrapping_add(1).cast()
}

/// # Safety
/// `inner` is open.
unsafe fn read_below(inner: *mut sqlite3_file, into: &mut [u8], offset: i64) -> c_int {
    // SAFETY: an open file has methods, and the slice is as long as we say.
    unsafe {
        match (*(*inner).pMethods).xRead {
            Some(read) => read(inner, into.as_mut_ptr().cast(), into.len() as c_int, offset),
            None => ffi::SQLITE_IOERR_READ,
        }
    }
}

/// # Safety
/// `inner` is open.
unsafe fn write_below(inner: *mut sqlite3_file, from: &[u8], offset: i64) -> c_int {
    // SAFETY: an open file has methods, and the slice is as long as we say.
    unsafe {
        match (*(*inner).pMethods).xWrite {
            Some(write) => write(inner, from.as_ptr().cast(), from.len() as c_int, offset),
            None => SQLITE_IOERR_WRITE,
        }
    }
}

/// # Safety
/// `inner` is open.
unsafe fn size_below(inner: *mut sqlite3_file) -> Result<i64, c_int> {
    let mut size = 0;
    // SAFETY: an open file has methods.
    let told = unsafe { (*(*inner).pMethods).xFileSize.map(|ask| ask(inner, &mut size)) };
    if told == Some(SQLITE_OK) { Ok(size) } else { Err(told.unwrap_or(ffi::SQLITE_IOERR_FSTAT)) }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let own = file.cast::<File>();
    // SAFETY: SQLite closes a file once and does not touch it afterwards; the vector is ours to free.
    unsafe {
        let closed = below(file, |methods| methods.xClose, |close, inner| close(inner));
        std::ptr::drop_in_place(&raw mut (*own).copy);
        closed
    }
}

unsafe extern "C" fn read(file: *mut sqlite3_file, into: *mut c_void, bytes: c_int, offset: i64) -> c_int {
    let own = file.cast::<File>();
    // SAFETY: SQLite gives us room for as many bytes as it asks for, and an open file.
    let told = unsafe { below(file, |methods| methods.xRead, |read, inner| read(inner, into, bytes, offset)) };
    if told != SQLITE_OK {
        return told;
    }
    // SAFETY: a file is used by one thread at a time, and a read that went well has filled the room.
    let (own, into) = unsafe { (&mut *own, std::slice::from_raw_parts(into.cast::<u8>(), bytes as usize)) };
    if own.verifies && page::is_whole(into.len(), offset as u64) {
        let sound = page::sound(into, page::number(offset as u64, into.len()));
        return if sound { SQLITE_OK } else { SQLITE_IOERR_DATA };
    }
    if offset == 0 && !own.verifies && into.len() >= header::BYTES && State::of(into) == State::Kept {
        // Somebody else has just given every page its sum.
        (own.stamps, own.verifies) = (true, true);
    }
    told
}

unsafe extern "C" fn write(file: *mut sqlite3_file, from: *const c_void, bytes: c_int, offset: i64) -> c_int {
    let own = file.cast::<File>();
    let behind = inner(own);
    // SAFETY: SQLite gives us as many bytes as it says, and a file is used by one thread at a time.
    let (own, from) = unsafe { (&mut *own, std::slice::from_raw_parts(from.cast::<u8>(), bytes as usize)) };
    if offset == 0 && from.len() >= header::BYTES {
        let state = State::of(from);
        if own.stamps && !state.has_room() {
            // Its other pages have sums where this header would put data.
            return SQLITE_IOERR_WRITE;
        }
        (own.stamps, own.verifies) = (state.has_room(), state == State::Kept);
    }
    // SAFETY: the file behind ours is open as long as ours is.
    unsafe {
        if !own.stamps || !page::is_whole(from.len(), offset as u64) {
            return write_below(behind, from, offset);
        }
        own.page = from.len();
        let filled = fill(own, behind, offset);
        if filled != SQLITE_OK {
            return filled;
        }
        own.copy.clear();
        own.copy.extend_from_slice(from);
        page::stamp(&mut own.copy, page::number(offset as u64, from.len()));
        write_below(behind, &own.copy, offset)
    }
}

/// SQLite leaves out pages that are free before they were ever used. So that no page is without a sum, zeros with a sum
/// are written there.
///
/// # Safety
/// `behind` is open.
unsafe fn fill(own: &mut File, behind: *mut sqlite3_file, until: i64) -> c_int {
    let bytes = own.page;
    // SAFETY: as the caller promises.
    let size = match unsafe { size_below(behind) } {
        Ok(size) => size,
        Err(why) => return why,
    };
    let step = bytes as i64;
    let mut at = size - size % step;
    while at < until {
        let number = page::number(at as u64, bytes);
        if !page::holds_locks(number, bytes) {
            own.copy.clear();
            own.copy.resize(bytes, 0);
            page::stamp(&mut own.copy, number);
            // SAFETY: as the caller promises.
            let written = unsafe { write_below(behind, &own.copy, at) };
            if written != SQLITE_OK {
                return written;
            }
        }
        at += step;
    }
    SQLITE_OK
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: i64) -> c_int {
    let own = file.cast::<File>();
    let behind = inner(own);
    // SAFETY: for an open file, which is used by one thread at a time.
    unsafe {
        let own = &mut *own;
        if own.stamps && own.page > 0 {
            // It may also make a file longer.
            let filled = fill(own, behind, size);
            if filled != SQLITE_OK {
                return filled;
            }
        }
        below(file, |methods| methods.xTruncate, |truncate, inner| truncate(inner, size))
    }
}

unsafe extern "C" fn characteristics(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite asks about an open file.
    unsafe { below(file, |methods| methods.xDeviceCharacteristics, |ask, inner| ask(inner)) & !READS_PARTS }
}

/// Calls the layer below; what it does not offer fails.
///
/// # Safety
/// `file` is an open file of ours.
unsafe fn below<F>(
    file: *mut sqlite3_file,
    which: impl FnOnce(&sqlite3_io_methods) -> Option<F>,
    call: impl FnOnce(F, *mut sqlite3_file) -> c_int,
) -> c_int {
    let inner = inner(file.cast());
    // SAFETY: an open file of ours has an open file of the layer below behind it.
    match which(unsafe { &*(*inner).pMethods }) {
        Some(method) => call(method, inner),
        None => ffi::SQLITE_NOTFOUND,
    }
}

/// Methods that only pass a call on.
macro_rules! passed_on {
    ($($name:ident($($argument:ident: $kind:ty),*) as $method:ident;)+) => {$(
        unsafe extern "C" fn $name(file: *mut sqlite3_file, $($argument: $kind),*) -> c_int {
            // SAFETY: the arguments are SQLite's own, for an open file.
            unsafe { below(file, |methods| methods.$method, |method, inner| method(inner, $($argument),*)) }
        }
    )+};
}

passed_on! {
    sync(flags: c_int) as xSync;
    file_size(size: *mut i64) as xFileSize;
    lock(level: c_int) as xLock;
    unlock(level: c_int) as xUnlock;
    check_lock(out: *mut c_int) as xCheckReservedLock;
    control(what: c_int, argument: *mut c_void) as xFileControl;
    sector_size() as xSectorSize;
    shm_map(page: c_int, size: c_int, extend: c_int, out: *mut *mut c_void) as xShmMap;
    shm_lock(offset: c_int, count: c_int, flags: c_int) as xShmLock;
    shm_unmap(delete: c_int) as xShmUnmap;
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    // SAFETY: for an open file.
    unsafe {
        below(
            file,
            |methods| methods.xShmBarrier,
            |barrier, inner| {
                barrier(inner);
                SQLITE_OK
            },
        );
    }
}

/// Version 2: with shared memory for the log, without memory maps.
static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_lock),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// The file of an open connection, read and written without SQLite's pages in between.
///
/// Opening the file a second time instead would be a trap: when a process closes a file, the system lets go of all its
/// locks on it, SQLite's too.
pub struct Raw<'c> {
    file: *mut sqlite3_file,
    connection: std::marker::PhantomData<&'c rusqlite::Connection>,
}

impl<'c> Raw<'c> {
    /// `None` where the connection does not go through this layer.
    pub fn of(connection: &'c rusqlite::Connection) -> Option<Self> {
        let mut file: *mut sqlite3_file = std::ptr::null_mut();
        // SAFETY: the connection is open, and SQLite writes one pointer there.
        let told = unsafe {
            let out: *mut *mut sqlite3_file = &mut file;
            ffi::sqlite3_file_control(connection.handle(), c"main".as_ptr(), SQLITE_FCNTL_FILE_POINTER, out.cast())
        };
        // SAFETY: what SQLite names is a file, open or without methods.
        let ours = told == SQLITE_OK && !file.is_null() && unsafe { std::ptr::eq((*file).pMethods, &METHODS) };
        ours.then_some(Raw { file, connection: std::marker::PhantomData })
    }

    pub fn state(&self) -> State {
        // SAFETY: the file is ours and open while the connection is.
        unsafe { state(inner(self.file.cast())) }
    }

    pub fn size(&self) -> Result<u64, c_int> {
        // SAFETY: as above.
        unsafe { size_below(inner(self.file.cast())) }.map(|size| size as u64)
    }

    /// Reads as it stands on the disk, whatever its sum. `false` where the file ends before.
    pub fn read(&self, into: &mut [u8], offset: u64) -> Result<bool, c_int> {
        // SAFETY: as above.
        match unsafe { read_below(inner(self.file.cast()), into, offset as i64) } {
            SQLITE_OK => Ok(true),
            ffi::SQLITE_IOERR_SHORT_READ => Ok(false),
            why => Err(why),
        }
    }

    /// Writes the way SQLite would: with a sum.
    pub fn write(&self, from: &[u8], offset: u64) -> Result<(), c_int> {
        // SAFETY: the file is ours and open, and the slice is as long as we say.
        match unsafe { write(self.file, from.as_ptr().cast(), from.len() as c_int, offset as i64) } {
            SQLITE_OK => Ok(()),
            why => Err(why),
        }
    }

    /// Returns after everything written is on the disk.
    pub fn sync(&self) -> Result<(), c_int> {
        // SAFETY: the file is ours and open.
        match unsafe { sync(self.file, ffi::SQLITE_SYNC_FULL) } {
            SQLITE_OK => Ok(()),
            why => Err(why),
        }
    }
}

/// Asks SQLite to leave room for sums: in the first page it ever writes, or when the file is next made anew.
pub fn reserve(connection: &rusqlite::Connection) -> bool {
    let mut bytes = page::RESERVED as c_int;
    let out: *mut c_int = &mut bytes;
    // SAFETY: the connection is open, and SQLite reads and writes one number there.
    let told = unsafe {
        ffi::sqlite3_file_control(connection.handle(), c"main".as_ptr(), SQLITE_FCNTL_RESERVE_BYTES, out.cast())
    };
    told == SQLITE_OK
}
