#include "ocr/pdf/pdf_writer.h"
