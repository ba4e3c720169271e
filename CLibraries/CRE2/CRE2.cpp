#include "CRE2.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

struct greenroom_re2_pattern {
  RE2 expression;

  greenroom_re2_pattern(const re2::StringPiece &source, const RE2::Options &options) : expression(source, options) {}
};

struct greenroom_re2_set {
  RE2::Set expressions;
  // A set whose compilation failed must not be asked: RE2 would follow a null pointer.
  bool sealed = false;

  explicit greenroom_re2_set(const RE2::Options &options) : expressions(options, RE2::UNANCHORED) {}
};

namespace {

RE2::Options options_with(int64_t max_memory) {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingUTF8);
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  options.set_max_mem(max_memory);
  return options;
}

// Cuts at the start of a UTF-8 sequence, so that what is left is still text.
void report(const std::string &message, char *error, size_t capacity) {
  if (error == nullptr || capacity == 0) return;
  size_t length = std::min(message.size(), capacity - 1);
  while (length < message.size() && length > 0 && (static_cast<unsigned char>(message[length]) & 0xC0) == 0x80) {
    --length;
  }
  std::memcpy(error, message.data(), length);
  error[length] = '\0';
}

// RE2 takes a null pointer for "no text", which an empty Swift string may well lend.
re2::StringPiece piece_of(const char *text, size_t length) {
  return text == nullptr ? re2::StringPiece("", 0) : re2::StringPiece(text, length);
}

}  // namespace

extern "C" {

greenroom_re2_pattern *greenroom_re2_pattern_new(const char *source, size_t length, int64_t max_memory, char *error,
                                                 size_t error_capacity) {
  greenroom_re2_pattern *pattern = nullptr;
  try {
    pattern = new greenroom_re2_pattern(piece_of(source, length), options_with(max_memory));
    if (pattern->expression.ok()) return pattern;
    report(pattern->expression.error(), error, error_capacity);
  } catch (...) {
    if (error != nullptr && error_capacity > 0) error[0] = '\0';
  }
  delete pattern;
  return nullptr;
}

void greenroom_re2_pattern_free(greenroom_re2_pattern *pattern) { delete pattern; }

int greenroom_re2_pattern_match(const greenroom_re2_pattern *pattern, const char *text, size_t length, size_t *start,
                                size_t *end) {
  try {
    const bool wants_range = start != nullptr && end != nullptr;
    re2::StringPiece match;
    const re2::StringPiece piece = piece_of(text, length);
    if (!pattern->expression.Match(piece, 0, piece.size(), RE2::UNANCHORED, &match, wants_range ? 1 : 0)) return 0;
    if (wants_range) {
      *start = static_cast<size_t>(match.data() - piece.data());
      *end = *start + match.size();
    }
    return 1;
  } catch (...) {
    return -1;
  }
}

greenroom_re2_set *greenroom_re2_set_new(int64_t max_memory) {
  try {
    return new greenroom_re2_set(options_with(max_memory));
  } catch (...) {
    return nullptr;
  }
}

void greenroom_re2_set_free(greenroom_re2_set *set) { delete set; }

int greenroom_re2_set_add(greenroom_re2_set *set, const char *source, size_t length, char *error,
                          size_t error_capacity) {
  try {
    if (set->sealed) return -1;
    std::string message;
    const int index = set->expressions.Add(piece_of(source, length), &message);
    if (index < 0) report(message, error, error_capacity);
    return index;
  } catch (...) {
    if (error != nullptr && error_capacity > 0) error[0] = '\0';
    return -1;
  }
}

int greenroom_re2_set_seal(greenroom_re2_set *set) {
  try {
    if (!set->sealed) set->sealed = set->expressions.Compile();
    return set->sealed ? 1 : 0;
  } catch (...) {
    return 0;
  }
}

int greenroom_re2_set_match(const greenroom_re2_set *set, const char *text, size_t length, int *indices,
                            size_t capacity) {
  try {
    if (!set->sealed) return -1;
    std::vector<int> found;
    RE2::Set::ErrorInfo error{RE2::Set::kNoError};
    if (!set->expressions.Match(piece_of(text, length), &found, &error)) {
      return error.kind == RE2::Set::kNoError ? 0 : -1;
    }
    const size_t count = std::min(found.size(), capacity);
    std::copy(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count), indices);
    return static_cast<int>(count);
  } catch (...) {
    return -1;
  }
}

}  // extern "C"
