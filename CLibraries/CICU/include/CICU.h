// ICU's word breaker behind a C face of our own: ICU's own functions carry its version in their names, and change them with
// it.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct greenroom_icu_words greenroom_icu_words;

/// NULL when ICU has no word breaker, or memory ran out.
greenroom_icu_words *greenroom_icu_words_new(void);
void greenroom_icu_words_free(greenroom_icu_words *words);

/// Writes the byte offsets at which a word of the UTF-8 text ends, rising, the last of them `length`; at most `capacity` of
/// them, and gives their number; -1 on failure. One caller at a time.
int32_t greenroom_icu_words_ends(greenroom_icu_words *words, const char *text, size_t length, int32_t *ends,
                                 int32_t capacity);
