#include "batch/cell_viewer_files.hpp"

#include <sstream>
#include <string>
#include <utility>

#include "draw/cells_picture.hpp"
#include "image/labels/outlines.hpp"
#include "image/typed_view.hpp"
#include "io/files/atomic_file.hpp"
#include "io/shapes/geojson.hpp"
#include "io/shapes/imagej_roi.hpp"
#include "musclemap/labels.hpp"
#include "quant/cells/cell_table.hpp"
#include "quant/cells/cell_volume_table.hpp"

namespace musclemap::batch {
namespace {

namespace fs = std::filesystem;

fs::path with_end(const fs::path& stem, const std::string& end) { return stem.string() + end; }

const char* table_end(TableFormat format) {
  if (format == TableFormat::csv) return ".csv";
  return format == TableFormat::tsv ? ".tsv" : ".json";
}

fs::path picture_file(const fs::path& stem, const io::ShapePages& at, const io::ShapePages& pages) {
  std::string place;
  if (pages.frames > 1) place += "_" + std::to_string(at.frames + 1);
  if (pages.sections > 1) place += "_z" + std::to_string(at.sections + 1);
  return with_end(stem, "_outlines" + place + ".png");
}

/// Calls body(frame, section) for all, from 0, sections fastest.
template <class Body>
void for_pages(const io::ShapePages& pages, const Body& body) {
  for (std::int64_t frame = 0; frame < pages.frames; ++frame) {
    for (std::int64_t section = 0; section < pages.sections; ++section) body(frame, section);
  }
}

void write_text(const fs::path& file, const std::string& text) {
  io::AtomicFile out(file);
  out.write(text.data(), text.size());
  out.commit();
}

template <class To>
void copy_values(const ImageStack& plane, To* to) {
  image::with_type(plane.dtype(), [&](auto pixel) {
    const auto from = plane.plane<decltype(pixel)>(0, 0, 0);
    for (std::int64_t y = 0; y < from.shape[0]; ++y) {
      for (std::int64_t x = 0; x < from.shape[1]; ++x) *to++ = static_cast<To>(from(y, x));
    }
  });
}

std::vector<io::CellShape> shapes_of(const std::uint32_t* labels, const io::ShapePages& pages,
                                     std::int64_t height, std::int64_t width) {
  std::vector<io::CellShape> shapes;
  for_pages(pages, [&](std::int64_t frame, std::int64_t section) {
    for (image::Outline& outline : image::outlines_of(labels, height, width)) {
      const auto label = static_cast<std::int32_t>(outline.label & 0x7fffffff);
      shapes.push_back({std::move(outline), frame, section, label_colour(label)});
    }
    labels += height * width;
  });
  return shapes;
}

/// What the cells of a page were found in.
ImageStack page_of(PictureReader& picture, std::int64_t frame, std::int64_t section,
                   const task::FrameChoice& choice, int threads) {
  return task::FrameReader(picture, frame, choice, threads).read_plane(0, 0, section);
}

std::string table_text(const CellViewerFiles& wanted, PictureReader& picture, const task::FrameChoice& choice,
                       const std::vector<std::uint32_t>& labels, int threads) {
  const StackGeometry& geometry = picture.info().geometry;
  const Index5& shape = geometry.shape;
  const std::int64_t sections = task::sections_left(picture.info(), choice);
  std::vector<quant::CellChannel> channels;
  for (std::int64_t channel = 0; channel < shape[1]; ++channel) {
    const std::string name = geometry.channel_names.empty() ? std::string() : geometry.channel_names[channel];
    const task::FrameChoice own{choice.projection, channel, choice.stack};
    channels.push_back({name, [&picture, own, sections, threads](std::int64_t page, double* to) {
                          copy_values(page_of(picture, page / sections, page % sections, own, threads), to);
                        }});
  }
  quant::CellLabels cells{
      labels.data(), shape[0], shape[3], shape[4], geometry.pixel_size_um[0], geometry.pixel_size_um[1]};
  std::ostringstream text;
  TableWriteOptions options;
  options.format = *wanted.table;
  if (choice.stack && sections > 1) {
    quant::cell_volume_table({cells, sections, geometry.pixel_size_um[2]}, channels).write(text, options);
  } else {
    quant::cell_table(cells, channels).write(text, options);
  }
  return text.str();
}

}  // namespace

std::vector<fs::path> viewer_files(const fs::path& stem, const CellViewerFiles& wanted, std::int64_t frames,
                                   std::int64_t sections) {
  std::vector<fs::path> files;
  if (wanted.geojson) files.push_back(with_end(stem, ".geojson"));
  if (wanted.rois) files.push_back(with_end(stem, "_rois.zip"));
  if (wanted.table) files.push_back(with_end(stem, table_end(*wanted.table)));
  if (!wanted.outlines) return files;
  const io::ShapePages pages{frames, sections};
  for_pages(pages, [&](std::int64_t frame, std::int64_t section) {
    files.push_back(picture_file(stem, {frame, section}, pages));
  });
  return files;
}

void write_viewer_files(const fs::path& stem, const CellViewerFiles& wanted, PictureReader& picture,
                        const task::FrameChoice& choice, const std::vector<std::uint32_t>& labels,
                        int threads) {
  const StackGeometry& geometry = picture.info().geometry;
  const io::ShapePages pages{geometry.shape[0], task::sections_left(picture.info(), choice)};
  const std::int64_t height = geometry.shape[3];
  const std::int64_t width = geometry.shape[4];
  if (wanted.geojson || wanted.rois) {
    const std::vector<io::CellShape> shapes = shapes_of(labels.data(), pages, height, width);
    if (wanted.geojson) write_text(with_end(stem, ".geojson"), io::geojson_text(shapes, pages));
    if (wanted.rois) io::write_imagej_rois(with_end(stem, "_rois.zip"), shapes, pages);
  }
  if (wanted.table) {
    write_text(with_end(stem, table_end(*wanted.table)),
               table_text(wanted, picture, choice, labels, threads));
  }
  if (!wanted.outlines) return;
  const std::uint32_t* page_labels = labels.data();
  for_pages(pages, [&](std::int64_t frame, std::int64_t section) {
    std::vector<float> values(static_cast<std::size_t>(height * width));
    copy_values(page_of(picture, frame, section, choice, threads), values.data());
    write_text(picture_file(stem, {frame, section}, pages),
               draw::cells_png({values.data(), page_labels, height, width, geometry.pixel_size_um[0]}));
    page_labels += height * width;
  });
}

}  // namespace musclemap::batch
