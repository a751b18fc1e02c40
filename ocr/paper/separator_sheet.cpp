#include "ocr/paper/separator_sheet.h"
