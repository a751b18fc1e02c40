#include "ocr/image/stripes.h"
