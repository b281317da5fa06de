// The last layer of a network as rows of scores: a product of its weights and of pixels, instead of one of
// pixels and its weights, gives a row of pixels for every class.
#ifndef MUSCLEMAP_INFER_NATIVE_HEAD_ROWS_HPP_
#define MUSCLEMAP_INFER_NATIVE_HEAD_ROWS_HPP_

#include <cstdint>
#include <vector>

#include "base/aligned.hpp"
#include "base/worker_pool.hpp"
#include "infer/engine.hpp"
#include "infer/native/convolver.hpp"
#include "infer/native/program.hpp"

namespace musclemap::infer::native {

/// Of a head that sees single pixels. The same bits as Convolver::store() gives.
class HeadRows {
 public:
  static bool fits(const Program& program);

  /// All must outlive it.
  HeadRows(const Program& program, const Kernels& kernels, base::WorkerPool& pool);

  /// Scores of all pixels of what the head reads.
  void run(const LayerInput& input, const ScoreTaker& taker) const;

  /// Floats that a run takes.
  static std::int64_t scratch(const Head& head, int classes, int threads);

 private:
  void run_plane(const Map& map, const Activation& activation, std::int64_t z, const TakeScores& take,
                 std::vector<base::AlignedFloats>* scratch) const;

  const Head& head_;
  const Kernels& kernels_;
  base::WorkerPool& pool_;
  int rows_;                     // classes, in whole units
  base::AlignedFloats weights_;  // [block of inputs][class][16]
  base::AlignedFloats bias_;
};

}  // namespace musclemap::infer::native

#endif  // MUSCLEMAP_INFER_NATIVE_HEAD_ROWS_HPP_
