#pragma once

#include "daemon/base/frame_channel.h"
#include "ocr/recognition/recogniser.h"

namespace mailroom::ocr {

/// Answers the requests on `channel` one after another until it is closed. An error means that the
/// channel broke.
Result<void> answer_requests(FrameChannel& channel, Recogniser& recogniser);

/// The same for a worker that draws pictures only.
Result<void> answer_picture_requests(FrameChannel& channel);

}  // namespace mailroom::ocr
