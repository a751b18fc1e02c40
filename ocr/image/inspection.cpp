#include "ocr/image/inspection.h"
