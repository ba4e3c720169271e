// The functions of CTensors.h, once for each set of instructions: this file is included several times, with VARIANT naming
// the functions. Everything is written in vectors of eight, which the compiler splits where registers are narrower; that
// changes no result.

static inline float VARIANT(lane_sum)(lanes v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

static inline float VARIANT(lane_max)(lanes v) {
  float m = v[0];
  for (int i = 1; i < 8; i++) m = v[i] > m ? v[i] : m;
  return m;
}

static inline lanes VARIANT(lanes_max)(lanes a, lanes b) {
  const whole_lanes mask = a > b;
  return (lanes)(((whole_lanes)a & mask) | ((whole_lanes)b & ~mask));
}

static inline lanes VARIANT(lanes_min)(lanes a, lanes b) {
  const whole_lanes mask = a < b;
  return (lanes)(((whole_lanes)a & mask) | ((whole_lanes)b & ~mask));
}

static inline lanes VARIANT(load)(const float *p) {
  lanes v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

static inline void VARIANT(store)(float *p, lanes v) { __builtin_memcpy(p, &v, sizeof v); }

static inline lanes VARIANT(all)(float x) { return (lanes){x, x, x, x, x, x, x, x}; }

// Adding and taking away 1.5 * 2^23 leaves the nearest whole number, ties to even; good for |x| < 2^22.
static inline lanes VARIANT(nearest)(lanes x) {
  const lanes magic = VARIANT(all)(12582912.0f);
  return (x + magic) - magic;
}

// e^x by 2^n * e^r with |r| <= ln 2 / 2 and the Taylor polynomial of degree 7 of e^r: relative error below 3e-7.
static inline lanes VARIANT(exponential)(lanes x) {
  x = VARIANT(lanes_min)(VARIANT(lanes_max)(x, VARIANT(all)(-87.0f)), VARIANT(all)(88.0f));
  const lanes n = VARIANT(nearest)(x * VARIANT(all)(0x1.715476p+0f));
  lanes r = x - n * VARIANT(all)(0x1.62e4p-1f);
  r = r - n * VARIANT(all)(0x1.7f7d1cp-20f);
  lanes p = VARIANT(all)(1.0f / 5040);
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  const whole_lanes exponent = (__builtin_convertvector(n, whole_lanes) + 127) << 23;
  return p * (lanes)exponent;
}

// erf(t) = t P(t²) / Q(t²) on [-4, 4], fitted by weighted least squares to an absolute error of 1e-6.
static inline lanes VARIANT(error_function)(lanes t) {
  t = VARIANT(lanes_min)(VARIANT(lanes_max)(t, VARIANT(all)(-4.0f)), VARIANT(all)(4.0f));
  const lanes u = t * t;
  lanes p = VARIANT(all)(-0x1.1f60e6p-20f);
  p = p * u + 0x1.847fe2p-13f;
  p = p * u + 0x1.f4e8fep-8f;
  p = p * u + 0x1.0ac49ap-4f;
  p = p * u + 0x1.3a538ap-2f;
  p = p * u + 0x1.20ddd4p+0f;
  lanes q = VARIANT(all)(0x1.c5563ep-10f);
  q = q * u + 0x1.7d43ccp-6f;
  q = q * u + 0x1.4682b2p-3f;
  q = q * u + 0x1.35f868p-1f;
  q = q * u + 1.0f;
  return t * p / q;
}

static inline void VARIANT(range)(const float *x, size_t count, float *low, float *high) {
  lanes lows = VARIANT(all)(0), highs = VARIANT(all)(0);
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const lanes v = VARIANT(load)(x + i);
    lows = VARIANT(lanes_min)(v, lows);
    highs = VARIANT(lanes_max)(v, highs);
  }
  float l = -VARIANT(lane_max)(-lows), h = VARIANT(lane_max)(highs);
  for (; i < count; i++) {
    l = x[i] < l ? x[i] : l;
    h = x[i] > h ? x[i] : h;
  }
  *low = l;
  *high = h;
}

static void VARIANT(quantize)(const float *values, size_t rows, size_t columns, int16_t *quantised, float *scales) {
  for (size_t r = 0; r < rows; r++) {
    const float *x = values + r * columns;
    int16_t *q = quantised + r * columns;
    float low, high;
    VARIANT(range)(x, columns, &low, &high);
    const float largest = high > -low ? high : -low;
    const float factor = largest > 0 && largest < INFINITY ? GREENROOM_ACTIVATION_LIMIT / largest : 0;
    scales[r] = factor > 0 ? largest / GREENROOM_ACTIVATION_LIMIT : 0;
    size_t i = 0;
    for (; i + 8 <= columns; i += 8) {
      const lanes v = VARIANT(nearest)(VARIANT(load)(x + i) * VARIANT(all)(factor));
      const short_lanes s = __builtin_convertvector(__builtin_convertvector(v, whole_lanes), short_lanes);
      __builtin_memcpy(q + i, &s, sizeof s);
    }
    for (; i < columns; i++) q[i] = (int16_t)((x[i] * factor + 12582912.0f) - 12582912.0f);
  }
}

static void VARIANT(quantize_bytes)(const float *values, size_t rows, size_t columns, int levels, uint8_t *quantised,
                                    float *scales, float *lows) {
  for (size_t r = 0; r < rows; r++) {
    const float *x = values + r * columns;
    uint8_t *q = quantised + r * columns;
    float low, high;
    VARIANT(range)(x, columns, &low, &high);
    const float width = high - low;
    const float factor = width > 0 && width < INFINITY ? (float)levels / width : 0;
    scales[r] = factor > 0 ? width / (float)levels : 0;
    lows[r] = factor > 0 ? low : 0;
    for (size_t i = 0; i < columns; i++) {
      q[i] = (uint8_t)(((x[i] - low) * factor + 12582912.0f) - 12582912.0f);
    }
  }
}

static inline void VARIANT(finish)(lanes value, enum greenroom_activation activation, const float *residual,
                                   float *result) {
  if (activation == GREENROOM_RELU) value = VARIANT(lanes_max)(value, VARIANT(all)(0));
  if (residual != NULL) value += VARIANT(load)(residual);
  VARIANT(store)(result, value);
}

static void VARIANT(multiply)(const int16_t *a, const uint32_t *row_offsets, const float *row_scales, size_t rows,
                              size_t inner, const int8_t *weights, const float *column_scales, const float *bias,
                              size_t outer, enum greenroom_activation activation, const float *residual,
                              size_t residual_stride, float *result, size_t stride) {
  for (size_t n = 0; n < outer; n += GREENROOM_PANEL) {
    const int8_t *panel = weights + n * inner;
    const lanes scale0 = VARIANT(load)(column_scales + n), scale1 = VARIANT(load)(column_scales + n + 8);
    const lanes bias0 = bias != NULL ? VARIANT(load)(bias + n) : VARIANT(all)(0);
    const lanes bias1 = bias != NULL ? VARIANT(load)(bias + n + 8) : VARIANT(all)(0);
    // Blocks of at most six rows, as equal as can be: a last block of one row would waste the registers.
    const size_t blocks = (rows + 5) / 6;
    for (size_t block = 0; block < blocks; block++) {
      const size_t first = rows * block / blocks, count = rows * (block + 1) / blocks - first;
      const int16_t *lines[6];
      for (size_t i = 0; i < count; i++) {
        lines[i] = a + (row_offsets != NULL ? row_offsets[first + i] : (first + i) * inner);
      }
      int32_t sums[6][GREENROOM_PANEL];
      VARIANT(block)(lines, count, inner, panel, sums);
      for (size_t i = 0; i < count; i++) {
        const size_t r = first + i;
        whole_lanes sums0, sums1;
        __builtin_memcpy(&sums0, sums[i], sizeof sums0);
        __builtin_memcpy(&sums1, sums[i] + 8, sizeof sums1);
        const lanes row_scale = VARIANT(all)(row_scales[r]);
        const lanes value0 = __builtin_convertvector(sums0, lanes) * (row_scale * scale0) + bias0;
        const lanes value1 = __builtin_convertvector(sums1, lanes) * (row_scale * scale1) + bias1;
        const float *rest = residual != NULL ? residual + r * residual_stride + n : NULL;
        VARIANT(finish)(value0, activation, rest, result + r * stride + n);
        VARIANT(finish)(value1, activation, rest != NULL ? rest + 8 : NULL, result + r * stride + n + 8);
      }
    }
  }
}

static void VARIANT(finish_bytes)(const int32_t *sums, const float *row_scales, const float *row_lows,
                                  const int32_t *column_sums, size_t rows, const float *column_scales,
                                  const float *bias, size_t outer, enum greenroom_activation activation,
                                  const float *residual, size_t residual_stride, float *result, size_t stride) {
  for (size_t r = 0; r < rows; r++) {
    const lanes row_scale = VARIANT(all)(row_scales[r]), row_low = VARIANT(all)(row_lows[r]);
    for (size_t n = 0; n < outer; n += 8) {
      whole_lanes sum, column_sum;
      __builtin_memcpy(&sum, sums + r * outer + n, sizeof sum);
      __builtin_memcpy(&column_sum, column_sums + n, sizeof column_sum);
      lanes value = __builtin_convertvector(sum, lanes) * row_scale + __builtin_convertvector(column_sum, lanes) * row_low;
      value = value * VARIANT(load)(column_scales + n);
      if (bias != NULL) value += VARIANT(load)(bias + n);
      VARIANT(finish)(value, activation, residual != NULL ? residual + r * residual_stride + n : NULL,
                      result + r * stride + n);
    }
  }
}

static void VARIANT(finish_floats)(const float *sums, size_t rows, const float *bias, size_t outer,
                                   enum greenroom_activation activation, const float *residual,
                                   size_t residual_stride, float *result, size_t stride) {
  for (size_t r = 0; r < rows; r++) {
    for (size_t n = 0; n < outer; n += 8) {
      lanes value = VARIANT(load)(sums + r * outer + n);
      if (bias != NULL) value += VARIANT(load)(bias + n);
      VARIANT(finish)(value, activation, residual != NULL ? residual + r * residual_stride + n : NULL,
                      result + r * stride + n);
    }
  }
}

static void VARIANT(layer_norm)(const float *values, const float *residual, size_t rows, size_t columns, size_t stride,
                                const float *gamma, const float *beta, float epsilon, float *result, size_t result_stride) {
  for (size_t r = 0; r < rows; r++) {
    const float *x = values + r * stride;
    const float *rest = residual != NULL ? residual + r * stride : NULL;
    float *y = result + r * result_stride;
    lanes sum = VARIANT(all)(0);
    for (size_t i = 0; i < columns; i += 8) {
      lanes v = VARIANT(load)(x + i);
      if (rest != NULL) v += VARIANT(load)(rest + i);
      VARIANT(store)(y + i, v);
      sum += v;
    }
    const lanes mean = VARIANT(all)(VARIANT(lane_sum)(sum) / (float)columns);
    lanes squares = VARIANT(all)(0);
    for (size_t i = 0; i < columns; i += 8) {
      const lanes d = VARIANT(load)(y + i) - mean;
      squares += d * d;
    }
    const float variance = VARIANT(lane_sum)(squares) / (float)columns;
    const lanes factor = VARIANT(all)(1.0f / __builtin_sqrtf(variance + epsilon));
    for (size_t i = 0; i < columns; i += 8) {
      const lanes d = (VARIANT(load)(y + i) - mean) * factor;
      VARIANT(store)(y + i, d * VARIANT(load)(gamma + i) + VARIANT(load)(beta + i));
    }
  }
}

static inline lanes VARIANT(gelu_lanes)(lanes x) {
  return x * 0.5f * (VARIANT(error_function)(x * 0x1.6a09e6p-1f) + 1.0f);
}

static inline lanes VARIANT(tanh_lanes)(lanes x) { return 1.0f - 2.0f / (VARIANT(exponential)(x * 2.0f) + 1.0f); }

static inline lanes VARIANT(relu_lanes)(lanes x) { return VARIANT(lanes_max)(x, VARIANT(all)(0)); }

// Applies a function of eight lanes to any number of values: the last ones with lanes to spare.
#define EACH(name, function)                                          \
  static void VARIANT(name)(float *values, size_t count) {            \
    size_t i = 0;                                                     \
    for (; i + 8 <= count; i += 8) {                                  \
      VARIANT(store)(values + i, function(VARIANT(load)(values + i))); \
    }                                                                 \
    if (i < count) {                                                  \
      float rest[8] = {0};                                            \
      __builtin_memcpy(rest, values + i, (count - i) * sizeof *rest); \
      VARIANT(store)(rest, function(VARIANT(load)(rest)));            \
      __builtin_memcpy(values + i, rest, (count - i) * sizeof *rest); \
    }                                                                 \
  }

EACH(gelu, VARIANT(gelu_lanes))
EACH(tanh, VARIANT(tanh_lanes))
EACH(relu, VARIANT(relu_lanes))
#undef EACH

static void VARIANT(gaussian)(float *values, size_t count, float reach, float sharpness) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const lanes v = VARIANT(load)(values + i) * reach - 1.0f;
    VARIANT(store)(values + i, VARIANT(exponential)(v * sharpness));
  }
  if (i < count) {
    float rest[8] = {0};
    __builtin_memcpy(rest, values + i, (count - i) * sizeof *rest);
    const lanes v = VARIANT(load)(rest) * reach - 1.0f;
    VARIANT(store)(rest, VARIANT(exponential)(v * sharpness));
    __builtin_memcpy(values + i, rest, (count - i) * sizeof *rest);
  }
}

static void VARIANT(attention)(const float *qkv, size_t tokens, size_t width, size_t heads, float *result,
                               float *scratch) {
  const size_t depth = width / heads, padded = (tokens + 7) / 8 * 8;
  float *keys = scratch, *weights = scratch + depth * padded;  // keys: depth × padded; weights: 4 × padded
  const float scale = 1.0f / __builtin_sqrtf((float)depth);
  for (size_t head = 0; head < heads; head++) {
    const float *q = qkv + head * depth, *k = q + width, *v = k + width;
    for (size_t d = 0; d < depth; d++) {
      for (size_t j = 0; j < tokens; j++) keys[d * padded + j] = k[j * 3 * width + d];
      for (size_t j = tokens; j < padded; j++) keys[d * padded + j] = 0;
    }
    for (size_t i = 0; i < tokens; i += 4) {
      const size_t count = tokens - i < 4 ? tokens - i : 4;
      const float *queries[4];
      for (size_t r = 0; r < 4; r++) queries[r] = q + (i + (r < count ? r : 0)) * 3 * width;
      for (size_t j = 0; j < padded; j += 8) {
        lanes s0 = VARIANT(all)(0), s1 = s0, s2 = s0, s3 = s0;
        for (size_t d = 0; d < depth; d++) {
          const lanes key = VARIANT(load)(keys + d * padded + j);
          s0 += key * queries[0][d];
          s1 += key * queries[1][d];
          s2 += key * queries[2][d];
          s3 += key * queries[3][d];
        }
        VARIANT(store)(weights + j, s0 * scale);
        VARIANT(store)(weights + padded + j, s1 * scale);
        VARIANT(store)(weights + 2 * padded + j, s2 * scale);
        VARIANT(store)(weights + 3 * padded + j, s3 * scale);
      }
      for (size_t r = 0; r < count; r++) {
        float *w = weights + r * padded;
        for (size_t j = tokens; j < padded; j++) w[j] = -INFINITY;
        lanes most = VARIANT(load)(w);
        for (size_t j = 8; j < padded; j += 8) most = VARIANT(lanes_max)(most, VARIANT(load)(w + j));
        const lanes top = VARIANT(all)(VARIANT(lane_max)(most));
        lanes sum = VARIANT(all)(0);
        for (size_t j = 0; j < padded; j += 8) {
          const lanes e = VARIANT(exponential)(VARIANT(load)(w + j) - top);
          VARIANT(store)(w + j, e);
          if (j + 8 <= tokens) sum += e;
        }
        float total = VARIANT(lane_sum)(sum);
        for (size_t j = tokens / 8 * 8; j < tokens; j++) total += w[j];
        const float share = 1.0f / total;
        float *y = result + (i + r) * width + head * depth;
        for (size_t d = 0; d + 32 <= depth; d += 32) {
          lanes o0 = VARIANT(all)(0), o1 = o0, o2 = o0, o3 = o0;
          for (size_t j = 0; j < tokens; j++) {
            const float *row = v + j * 3 * width + d;
            o0 += VARIANT(load)(row) * w[j];
            o1 += VARIANT(load)(row + 8) * w[j];
            o2 += VARIANT(load)(row + 16) * w[j];
            o3 += VARIANT(load)(row + 24) * w[j];
          }
          VARIANT(store)(y + d, o0 * share);
          VARIANT(store)(y + d + 8, o1 * share);
          VARIANT(store)(y + d + 16, o2 * share);
          VARIANT(store)(y + d + 24, o3 * share);
        }
        for (size_t d = depth / 32 * 32; d < depth; d += 8) {
          lanes o = VARIANT(all)(0);
          for (size_t j = 0; j < tokens; j++) o += VARIANT(load)(v + j * 3 * width + d) * w[j];
          VARIANT(store)(y + d, o * share);
        }
      }
    }
  }
}

static void VARIANT(add_row)(const int8_t *row, float scale, size_t columns, float *result) {
  for (size_t i = 0; i < columns; i++) result[i] += (float)row[i] * scale;
}

static void VARIANT(expand_row)(const uint8_t *row, float scale, float low, size_t columns, float *result) {
  for (size_t i = 0; i < columns; i++) result[i] = (float)row[i] * scale + low;
}

static void VARIANT(sum_rows)(const float *values, size_t rows, size_t columns, size_t stride, float *result) {
  for (size_t i = 0; i < columns; i++) result[i] = 0;
  for (size_t r = 0; r < rows; r++) {
    for (size_t i = 0; i < columns; i++) result[i] += values[r * stride + i];
  }
}

static void VARIANT(scale)(float *values, size_t count, float factor) {
  for (size_t i = 0; i < count; i++) values[i] *= factor;
}

static void VARIANT(add)(float *values, const float *others, size_t count) {
  for (size_t i = 0; i < count; i++) values[i] += others[i];
}

static float VARIANT(dot)(const float *a, const float *b, size_t count) {
  lanes sum = VARIANT(all)(0);
  size_t i = 0;
  for (; i + 8 <= count; i += 8) sum += VARIANT(load)(a + i) * VARIANT(load)(b + i);
  float total = VARIANT(lane_sum)(sum);
  for (; i < count; i++) total += a[i] * b[i];
  return total;
}

static void VARIANT(multiply_float)(const float *a, size_t rows, size_t inner, const float *weights, size_t outer,
                                    float *result) {
  for (size_t r = 0; r < rows; r++) {
    for (size_t n = 0; n < outer; n++) {
      result[r * outer + n] = VARIANT(dot)(a + r * inner, weights + n * inner, inner);
    }
  }
}
