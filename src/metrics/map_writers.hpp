// Tissue maps on their way into files.
#ifndef MUSCLEMAP_METRICS_MAP_WRITERS_HPP_
#define MUSCLEMAP_METRICS_MAP_WRITERS_HPP_

#include <memory>
#include <vector>

#include "metrics/aligned_file.hpp"
#include "metrics/metrics_files.hpp"
#include "quant/label_sweep.hpp"
#include "quant/tissue_pass.hpp"

namespace musclemap::metrics {

/// Smallest and largest probability of a component in the whole volume.
struct ProbabilityRange {
  float least = 0;
  float most = 0;
};

/// Masks and combined maps are uint8 and probabilities float32, or all of them have the label map's type
/// (`compat`), where integers hold probabilities by slope and intercept. Files lie on the label map's grid as
/// it is stored, slabs along the axes of the image. One thread at a time.
class MapWriters {
 public:
  /// `header_text` as in NiftiWriteOptions; `ranges` by component, for probabilities in integers. Error `io`.
  MapWriters(const std::vector<MapFile>& maps, const AlignedFile& labels, bool compat, bool header_text,
             const std::vector<ProbabilityRange>& ranges);
  ~MapWriters();

  /// The planes of one slab, zero, to be filled and then written by the tasks.
  class Slab {
   public:
    Slab(const Geometry& geometry, bool bits, std::size_t probabilities);
    quant::TissuePlanes planes();

   private:
    friend class MapWriters;
    std::vector<Volume> bits_;  // one or none
    std::vector<Volume> probabilities_;
  };
  std::shared_ptr<Slab> begin(const Geometry& slab) const;
  /// Slabs must come in rising k, and all tasks of one be done before those of the next.
  quant::SweepTasks tasks(std::int64_t k_begin, const std::shared_ptr<Slab>& slab);

  /// Gives all files their names.
  void commit();

 private:
  struct Map;
  std::vector<Map> maps_;
  bool bits_ = false;
  std::size_t probabilities_ = 0;
};

/// True where probabilities would be stored as integers, so that their range is needed first.
bool needs_ranges(const std::vector<MapFile>& maps, const NiftiReader& labels, bool compat);

/// Bytes that the writers hold where the label map is stored along other axes than the slabs.
std::size_t held_bytes(const std::vector<MapFile>& maps, const AlignedFile& labels, bool compat);

}  // namespace musclemap::metrics

#endif  // MUSCLEMAP_METRICS_MAP_WRITERS_HPP_
