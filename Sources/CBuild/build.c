#include "CBuild.h"

// The manifest defines it from git; only this file is compiled again when it changes.
#ifndef MOTORPOOL_COMMIT
#define MOTORPOOL_COMMIT ""
#endif

const char *motorpool_commit(void) { return MOTORPOOL_COMMIT; }
