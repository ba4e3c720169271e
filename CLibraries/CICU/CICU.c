#include "CICU.h"

#include <stdlib.h>

#include <unicode/ubrk.h>
#include <unicode/utext.h>

struct greenroom_icu_words {
  UBreakIterator *iterator;
};

greenroom_icu_words *greenroom_icu_words_new(void) {
  greenroom_icu_words *words = malloc(sizeof *words);
  if (words == NULL) return NULL;
  UErrorCode error = U_ZERO_ERROR;
  // The root locale: the dictionary follows from the script, not from the locale.
  words->iterator = ubrk_open(UBRK_WORD, "", NULL, 0, &error);
  if (U_FAILURE(error) || words->iterator == NULL) {
    if (words->iterator != NULL) ubrk_close(words->iterator);
    free(words);
    return NULL;
  }
  return words;
}

void greenroom_icu_words_free(greenroom_icu_words *words) {
  if (words == NULL) return;
  ubrk_close(words->iterator);
  free(words);
}

int32_t greenroom_icu_words_ends(greenroom_icu_words *words, const char *text, size_t length, int32_t *ends,
                                 int32_t capacity) {
  UErrorCode error = U_ZERO_ERROR;
  UText source = UTEXT_INITIALIZER;
  utext_openUTF8(&source, text, (int64_t)length, &error);
  if (U_FAILURE(error)) return -1;
  int32_t count = -1;
  ubrk_setUText(words->iterator, &source, &error);
  if (U_SUCCESS(error)) {
    count = 0;
    (void)ubrk_first(words->iterator);
    for (int32_t end = ubrk_next(words->iterator); end != UBRK_DONE && count < capacity;
         end = ubrk_next(words->iterator))
      ends[count++] = end;
  }
  // The iterator has a copy of its own of the UText, but the bytes it points at are the caller's: let go of them.
  UErrorCode letting_go = U_ZERO_ERROR;
  UText nothing = UTEXT_INITIALIZER;
  utext_openUTF8(&nothing, "", 0, &letting_go);
  if (U_SUCCESS(letting_go)) ubrk_setUText(words->iterator, &nothing, &letting_go);
  utext_close(&nothing);
  utext_close(&source);
  return count;
}
