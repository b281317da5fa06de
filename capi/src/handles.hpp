// The structs behind the handles of the C interface.
#ifndef MUSCLEMAP_CAPI_HANDLES_HPP_
#define MUSCLEMAP_CAPI_HANDLES_HPP_

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "handle.hpp"
#include "musclemap.h"
#include "musclemap/musclemap.hpp"

struct mm_cancel_token : musclemap::capi::Handle {
  static constexpr auto kKind = musclemap::capi::Kind::cancel_token;
  mm_cancel_token() : Handle(kKind) {}
  musclemap::CancelToken token;
};

struct mm_volume : musclemap::capi::Handle {
  static constexpr auto kKind = musclemap::capi::Kind::volume;
  explicit mm_volume(musclemap::Volume given) : Handle(kKind), volume(std::move(given)) {}
  musclemap::Volume volume;
  std::atomic<std::int64_t> references{1};
};

struct mm_labels : musclemap::capi::Handle {
  static constexpr auto kKind = musclemap::capi::Kind::labels;
  explicit mm_labels(std::vector<musclemap::Label> given, std::filesystem::path from = {})
      : Handle(kKind), labels(std::move(given)), file(std::move(from)) {}
  std::vector<musclemap::Label> labels;
  std::filesystem::path file;  // that they were read from; else empty
};

struct mm_bundle : musclemap::capi::Handle {
  static constexpr auto kKind = musclemap::capi::Kind::bundle;
  explicit mm_bundle(musclemap::ModelBundle given) : Handle(kKind), bundle(std::move(given)) {}
  musclemap::ModelBundle bundle;
};

struct mm_task : musclemap::capi::Handle {
  static constexpr auto kKind = musclemap::capi::Kind::task;
  explicit mm_task(musclemap::Task given) : Handle(kKind), task(std::move(given)), sha256(task.sha256()) {}
  musclemap::Task task;
  std::string sha256;
};

struct mm_segmenter : musclemap::capi::Handle {
  static constexpr auto kKind = musclemap::capi::Kind::segmenter;
  explicit mm_segmenter(musclemap::Segmenter given) : Handle(kKind), segmenter(std::move(given)) {}
  musclemap::Segmenter segmenter;
  std::mutex mutex;                               // of the token
  std::optional<musclemap::CancelToken> running;  // of the run under way
};

struct mm_tissue : musclemap::capi::Handle {
  static constexpr auto kKind = musclemap::capi::Kind::tissue;
  explicit mm_tissue(musclemap::TissueMap given) : Handle(kKind), map(std::move(given)) {}
  musclemap::TissueMap map;
};

struct mm_table : musclemap::capi::Handle {
  static constexpr auto kKind = musclemap::capi::Kind::table;
  explicit mm_table(musclemap::MetricsTable given) : Handle(kKind), table(std::move(given)) {}
  musclemap::MetricsTable table;
  std::vector<std::filesystem::path> files;
};

struct mm_image : musclemap::capi::Handle {
  static constexpr auto kKind = musclemap::capi::Kind::image;
  explicit mm_image(musclemap::ImageStack given) : mm_image(std::move(given), musclemap::PictureInfo()) {}
  /// @param from what the file said; its geometry and dtype do not count
  mm_image(musclemap::ImageStack given, musclemap::PictureInfo from)
      : Handle(kKind), stack(std::move(given)), info(std::move(from)) {
    info.geometry = stack.geometry();
    info.dtype = stack.dtype();
    list_texts();
  }
  explicit mm_image(std::unique_ptr<musclemap::PictureReader> opened)
      : Handle(kKind), reader(std::move(opened)), info(reader->info()) {
    list_texts();
  }

  musclemap::ImageStack stack;                       // empty where there is a reader
  std::unique_ptr<musclemap::PictureReader> reader;  // null where the pixels are in memory
  musclemap::PictureInfo info;
  std::vector<const char*> channel_names;
  std::vector<const char*> comments;

 private:
  void list_texts() {
    for (const std::string& name : info.geometry.channel_names) channel_names.push_back(name.c_str());
    for (const std::string& comment : info.comments) comments.push_back(comment.c_str());
  }
};

struct mm_cells : musclemap::capi::Handle {
  static constexpr auto kKind = musclemap::capi::Kind::cells;
  explicit mm_cells(musclemap::CellSegmenter given)
      : Handle(kKind), segmenter(std::move(given)), weights_file(segmenter.model().file().string()) {}
  musclemap::CellSegmenter segmenter;
  std::string weights_file;
  std::vector<double> diameters;  // of the last run, one a time
  std::vector<std::int64_t> counts;
};

#endif  // MUSCLEMAP_CAPI_HANDLES_HPP_
