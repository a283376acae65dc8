// Hot loops, chosen at run time for the processor. Each has a plain Swift twin that tests compare
// it to, and every processor gives the same result.
#ifndef MOTORPOOL_CKERNELS_H
#define MOTORPOOL_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// The first largest value of each cell of `cell` samples (the last one may be shorter), where it
/// is positive and a local maximum of the whole: heights and places, ascending. Returns how many.
///
/// Room is needed for count / cell + 1 of them. Values are compared by their bits, which order
/// positive numbers like their values; a value that is not a number never is one.
size_t motorpool_cell_maxima(const float *source, size_t count, size_t cell, float *heights,
                             int32_t *places);

/// What the processor can do and the operating system lets it: 1 AVX, 2 AVX2 with FMA, 4 AVX-512
/// (F, CD, BW, DQ, VL), 8 made by AMD, 16 by Intel; -1 for other than x86-64.
int32_t motorpool_processor_features(void);

#endif
