// RE2 behind a C face: one pattern, and many patterns at once. No C++ exception leaves it, every byte of memory that a
// pattern may take is capped, and nothing is written to standard error.
//
// All texts are UTF-8 with an explicit length and may contain NUL. A pattern or set that has been made is immutable:
// any number of threads may match with it at the same time.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct greenroom_re2_pattern greenroom_re2_pattern;
typedef struct greenroom_re2_set greenroom_re2_set;

/// Compiles a case-insensitive pattern. NULL on failure, with RE2's words, cut to fit, in `error`.
greenroom_re2_pattern *greenroom_re2_pattern_new(const char *source, size_t length, int64_t max_memory, char *error,
                                                 size_t error_capacity);
void greenroom_re2_pattern_free(greenroom_re2_pattern *pattern);

/// 1 when it matches somewhere in the text, with the byte range of the first match in `start` and `end` unless they are
/// NULL; 0 when it does not; -1 when memory ran out.
int greenroom_re2_pattern_match(const greenroom_re2_pattern *pattern, const char *text, size_t length, size_t *start,
                                size_t *end);

/// An empty set, to which patterns are added until it is sealed. NULL when memory ran out.
greenroom_re2_set *greenroom_re2_set_new(int64_t max_memory);
void greenroom_re2_set_free(greenroom_re2_set *set);

/// The index of the pattern, or -1 with RE2's words in `error`.
int greenroom_re2_set_add(greenroom_re2_set *set, const char *source, size_t length, char *error,
                          size_t error_capacity);

/// Compiles the set; afterwards nothing may be added. 1, or 0 when its patterns together go past the memory cap.
int greenroom_re2_set_seal(greenroom_re2_set *set);

/// Writes the indices of the patterns that match somewhere in the text, in no order, at most `capacity` of them, and
/// gives their number; -1 when the memory cap or memory itself ran out, or when the set is not sealed.
int greenroom_re2_set_match(const greenroom_re2_set *set, const char *text, size_t length, int *indices,
                            size_t capacity);

#ifdef __cplusplus
}
#endif
