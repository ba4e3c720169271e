// CLD2, the Compact Language Detector, behind a C face. No C++ exception leaves it. Its tables are constant: any number of
// threads may ask at the same time.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GREENROOM_CLD2_MOST 3
#define GREENROOM_CLD2_CODE 16

/// One language that a text may be in.
typedef struct {
  /// ISO 639 or BCP 47, NUL-terminated.
  char code[GREENROOM_CLD2_CODE];
  /// The share of the text, 0…100.
  int percent;
} greenroom_cld2_guess;

/// Writes the likeliest languages of a UTF-8 text, the likeliest first, and gives their number, 0…3. `is_reliable` is 1
/// when CLD2 itself would stand by the first.
int greenroom_cld2_detect(const char *text, size_t length, greenroom_cld2_guess guesses[GREENROOM_CLD2_MOST],
                          int *is_reliable);

#ifdef __cplusplus
}
#endif
