#include "ocr/barcode/read_codes.h"
