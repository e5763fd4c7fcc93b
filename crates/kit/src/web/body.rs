//! The body of a request, read within a size and within a time, however little comes at a time.

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::Sleep;

/// Why a body was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Cut {
    #[error("the body is too large")]
    TooLarge,
    #[error("the body comes too slowly")]
    TooSlow,
}

/// What has to be here when a long body is looked at for the first time: some eight kilobytes a second.
const BRISK_BYTES_MIN: u64 = 256 * 1024;

/// Ends in [`Cut`] instead of taking more than `bytes` or longer than `within`, or going on after `brisk` when hardly
/// anything has come until then.
pub(super) struct Bounded {
    body: Body,
    left: u64,
    taken: u64,
    until: Pin<Box<Sleep>>,
    brisk: Option<Pin<Box<Sleep>>>,
}

impl Bounded {
    pub fn of(body: Body, bytes: u64, within: Duration, brisk: Duration) -> Body {
        let sleep = |time| Box::pin(tokio::time::sleep(time));
        let brisk = (brisk < within).then(|| sleep(brisk));
        Body::new(Bounded { body, left: bytes, taken: 0, until: sleep(within), brisk })
    }
}

impl HttpBody for Bounded {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) else {
            if let Some(brisk) = &mut this.brisk
                && brisk.as_mut().poll(cx).is_ready()
            {
                this.brisk = None;
                if this.taken < BRISK_BYTES_MIN {
                    return Poll::Ready(Some(Err(Cut::TooSlow.into())));
                }
            }
            ready!(this.until.as_mut().poll(cx));
            return Poll::Ready(Some(Err(Cut::TooSlow.into())));
        };
        let Some(frame) = frame else { return Poll::Ready(None) };
        let frame = frame.map_err(BoxError::from)?;
        let bytes = frame.data_ref().map_or(0, |data| data.len() as u64);
        match this.left.checked_sub(bytes) {
            Some(left) => (this.left, this.taken) = (left, this.taken + bytes),
            None => return Poll::Ready(Some(Err(Cut::TooLarge.into()))),
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Finds in an error's causes why a body was cut.
pub(super) fn cut(error: &(dyn std::error::Error + 'static)) -> Option<Cut> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(cut) = error.downcast_ref::<Cut>() {
            return Some(*cut);
        }
        if error.is::<tower_http::timeout::TimeoutError>() {
            return Some(Cut::TooSlow);
        }
        if error.is::<http_body_util::LengthLimitError>() {
            return Some(Cut::TooLarge);
        }
        cause = error.source();
    }
    None
}
