#pragma once

#include "ocr/pdf/pdf_writer.h"

namespace mailroom::ocr {

/// The captured bytes as a PDF stream takes them.
struct ImageStream {
  ByteView bytes;  ///< part of the captured bytes, unchanged
  ImageFormat format = ImageFormat::jpeg;
};

/// Checks that the captured bytes are what their description says and what every PDF viewer decodes
/// alike; errors as write_pdf().
Result<ImageStream> image_stream_of(const CapturedImage& image, ByteView bytes);

}  // namespace mailroom::ocr
