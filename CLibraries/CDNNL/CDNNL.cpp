#include "CDNNL.h"

#include <dlfcn.h>

#include <map>
#include <memory>
#include <mutex>

#include <oneapi/dnnl/dnnl.hpp>

using dnnl::memory;

struct greenroom_dnnl_matrix {
  memory::dim inputs;
  memory::dim outputs;
  memory::data_type source;
  memory::data_type target;
  memory weights;
  // A primitive is compiled for one number of rows; messages have few different lengths.
  std::mutex guard;
  std::map<memory::dim, std::shared_ptr<dnnl::matmul>> primitives;
};

namespace {

const dnnl::engine &engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

// The most numbers of rows that are kept compiled for one matrix.
constexpr size_t kept_primitives = 512;

// oneDNN computes with as many OpenMP threads as the calling thread is set to: by default all cores, for a product of
// microseconds. OpenMP comes with oneDNN and not with this program, so the function is looked up.
void use_one_thread() {
  static thread_local bool is_set = false;
  if (is_set) return;
  using setter = void (*)(int);
  static const setter set = reinterpret_cast<setter>(dlsym(RTLD_DEFAULT, "omp_set_num_threads"));
  if (set != nullptr) set(1);
  is_set = true;
}

dnnl::matmul::primitive_desc describe(const greenroom_dnnl_matrix &matrix, memory::dim rows, const memory::desc &weights) {
  const memory::desc source({rows, matrix.inputs}, matrix.source, memory::format_tag::ab);
  const memory::desc target({rows, matrix.outputs}, matrix.target, memory::format_tag::ab);
  return dnnl::matmul::primitive_desc(dnnl::matmul::desc(source, weights, target), engine());
}

greenroom_dnnl_matrix *make(const void *rows, size_t inputs, size_t outputs, memory::data_type source,
                            memory::data_type type, memory::data_type target) {
  try {
    use_one_thread();
    auto matrix = std::make_unique<greenroom_dnnl_matrix>();
    matrix->inputs = static_cast<memory::dim>(inputs);
    matrix->outputs = static_cast<memory::dim>(outputs);
    matrix->source = source;
    matrix->target = target;
    const memory::dims sizes{matrix->inputs, matrix->outputs};
    // An output a row is, seen as inputs × outputs, column after column.
    const memory plain({sizes, type, memory::format_tag::ba}, engine(), const_cast<void *>(rows));
    const memory::desc wanted =
        describe(*matrix, 12, memory::desc(sizes, type, memory::format_tag::any)).weights_desc();
    matrix->weights = memory(wanted, engine());
    dnnl::stream stream(engine());
    dnnl::reorder(plain, matrix->weights).execute(stream, const_cast<memory &>(plain), matrix->weights);
    stream.wait();
    return matrix.release();
  } catch (...) {
    return nullptr;
  }
}

int multiply(greenroom_dnnl_matrix *matrix, const void *a, size_t rows, void *result) {
  try {
    if (rows == 0) return 1;
    use_one_thread();
    const auto count = static_cast<memory::dim>(rows);
    std::shared_ptr<dnnl::matmul> primitive;
    {
      const std::lock_guard<std::mutex> lock(matrix->guard);
      const auto found = matrix->primitives.find(count);
      if (found != matrix->primitives.end()) {
        primitive = found->second;
      } else {
        primitive = std::make_shared<dnnl::matmul>(describe(*matrix, count, matrix->weights.get_desc()));
        if (matrix->primitives.size() >= kept_primitives) matrix->primitives.clear();
        matrix->primitives.emplace(count, primitive);
      }
    }
    memory source({{count, matrix->inputs}, matrix->source, memory::format_tag::ab}, engine(), const_cast<void *>(a));
    memory target({{count, matrix->outputs}, matrix->target, memory::format_tag::ab}, engine(), result);
    dnnl::stream stream(engine());
    primitive->execute(stream,
                       {{DNNL_ARG_SRC, source}, {DNNL_ARG_WEIGHTS, matrix->weights}, {DNNL_ARG_DST, target}});
    stream.wait();
    return 1;
  } catch (...) {
    return 0;
  }
}

}  // namespace

extern "C" {

greenroom_dnnl_matrix *greenroom_dnnl_bytes_new(const int8_t *weights, size_t inputs, size_t outputs) {
  return make(weights, inputs, outputs, memory::data_type::u8, memory::data_type::s8, memory::data_type::s32);
}

greenroom_dnnl_matrix *greenroom_dnnl_floats_new(const float *weights, size_t inputs, size_t outputs) {
  return make(weights, inputs, outputs, memory::data_type::f32, memory::data_type::f32, memory::data_type::f32);
}

void greenroom_dnnl_free(greenroom_dnnl_matrix *matrix) { delete matrix; }

int greenroom_dnnl_bytes_multiply(greenroom_dnnl_matrix *matrix, const uint8_t *a, size_t rows, int32_t *result) {
  return multiply(matrix, a, rows, result);
}

int greenroom_dnnl_floats_multiply(greenroom_dnnl_matrix *matrix, const float *a, size_t rows, float *result) {
  return multiply(matrix, a, rows, result);
}

}  // extern "C"
