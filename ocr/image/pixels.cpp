#include "ocr/image/pixels.h"
