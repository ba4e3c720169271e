// Inner loops of retrieval that Swift's own vectors are not enough for. Every function gives the same bits with and without
// AVX2: sums of whole numbers, or floating-point operations in one fixed order and never fused.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Sums of products. No overflow as long as count * 127 * 127, or count * 127 * the largest |query|, is below 2^31.
int32_t kernels_dot_i8(const int8_t *one, const int8_t *other, size_t count);
int32_t kernels_dot_i16_i8(const int16_t *query, const int8_t *row, size_t count);
// The products of `query` with `rows` rows that lie `stride` bytes apart.
void kernels_dots_i16_i8(
    const int16_t *query, const int8_t *table, size_t stride, size_t count, size_t rows, int32_t *out);
// The same for four queries that lie `query_stride` numbers apart; the products of query q begin at out + q * out_stride.
void kernels_dots4_i16_i8(
    const int16_t *queries, size_t query_stride, const int8_t *table, size_t stride, size_t count, size_t rows,
    int32_t *out, size_t out_stride);
// In eight partial sums, each in order; then pairwise.
float kernels_dot_f32(const float *one, const float *other, size_t count);

// 128 numbers of `bits` (0...32) bits each, four side by side; 16 * bits bytes.
void kernels_pack128(const uint32_t *in, uint32_t bits, uint8_t *out);
void kernels_unpack128(const uint8_t *in, uint32_t bits, uint32_t *out);
// The same for rising numbers: packed are the gaps, less one, after `before`.
void kernels_unpack128_rising(const uint8_t *in, uint32_t bits, uint32_t before, uint32_t *out);
// Whether each number is above the one before, and all below `limit`.
int kernels_is_rising(const uint32_t *numbers, size_t count, uint32_t limit);

// What each posting adds to the score of its document: round(weight * f / (f + norm)).
void kernels_contributions(
    const uint32_t *documents, const uint8_t *frequencies, size_t count, const float *norms, const float *frequency_of,
    float weight, int32_t *out);
// Adds a window's postings of one term to the 256 scores. `frequencies` holds one code a document, 0 for none.
void kernels_add_window(
    const uint8_t *frequencies, const float *norms, const float *frequency_of, float weight, int32_t *scores);
// bounds[i] += min(maxima[i] * step, most).
void kernels_add_bounds(const uint8_t *maxima, size_t count, int32_t step, int32_t most, int32_t *bounds);
// The places, below 256, of scores of at least `bar`; returns how many.
uint32_t kernels_reaching(const int32_t *scores, int32_t bar, uint8_t *places);

// XXH64 of the bytes, seed 0.
uint64_t kernels_checksum(const void *bytes, size_t count);
