#include "CCLD2.h"

#include <cstdio>
// It names FILE and encodings without including them.
#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <climits>
#include <cstring>

extern "C" int greenroom_cld2_detect(const char *text, size_t length,
                                     greenroom_cld2_guess guesses[GREENROOM_CLD2_MOST], int *is_reliable) {
  *is_reliable = 0;
  if (text == nullptr || length == 0 || length > INT_MAX) return 0;
  try {
    CLD2::CLDHints hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    CLD2::Language languages[GREENROOM_CLD2_MOST];
    int percents[GREENROOM_CLD2_MOST];
    double scores[GREENROOM_CLD2_MOST];
    int bytes = 0;
    int valid = 0;
    bool reliable = false;
    CLD2::ExtDetectLanguageSummaryCheckUTF8(text, static_cast<int>(length), true, &hints, CLD2::kCLDFlagBestEffort,
                                            languages, percents, scores, nullptr, &bytes, &reliable, &valid);
    int count = 0;
    for (int index = 0; index < GREENROOM_CLD2_MOST; index++) {
      const char *code = CLD2::LanguageCode(languages[index]);
      if (languages[index] == CLD2::UNKNOWN_LANGUAGE || percents[index] <= 0 || code == nullptr ||
          std::strlen(code) >= GREENROOM_CLD2_CODE)
        continue;
      std::strcpy(guesses[count].code, code);
      guesses[count].percent = percents[index];
      count++;
    }
    *is_reliable = reliable ? 1 : 0;
    return count;
  } catch (...) {
    return 0;
  }
}
