#ifndef CBUILD_H
#define CBUILD_H

/// The commit the program was built from, with "+" behind it where files were changed; empty if unknown.
const char *motorpool_commit(void);

#endif
