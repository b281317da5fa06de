#include "musclemap/micro_sam.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/sam_weights.hpp"
#include "support/temporary_folder.hpp"
#include "support/torchscript_writer.hpp"
#include "task/cells/micro_sam_ais.hpp"
#include "task/cells/micro_sam_amg.hpp"
#include "task/cells/sam_network.hpp"

namespace musclemap::task {
namespace {

using Ports = std::vector<net::Tensor>;

// An engine that is a function.
class StandIn : public infer::Engine {
 public:
  explicit StandIn(std::function<Ports(const Ports&)> network) : network_(std::move(network)) {}
  const std::string& name() const override { return name_; }
  void run(const float* /*windows*/, const std::vector<std::int64_t>& /*shape*/,
           std::int64_t /*out_channels*/, float* /*logits*/) override {}
  Ports run_ports(const Ports& inputs) override {
    ++calls;
    return network_(inputs);
  }
  int calls = 0;

 private:
  std::string name_ = "stand-in";
  std::function<Ports(const Ports&)> network_;
};

// Means of 16 x 16 pixels of the first channel, in the embedding's first channel.
Ports encode(const Ports& inputs) {
  net::Tensor embedding{{1, 256, 64, 64}, std::vector<float>(256 * 64 * 64)};
  for (std::size_t y = 0; y < 1024; ++y) {
    for (std::size_t x = 0; x < 1024; ++x)
      embedding.values[y / 16 * 64 + x / 16] += inputs[0].values[y * 1024 + x] / 256;
  }
  return {embedding};
}

// Bright pixels are foreground with low distances.
Ports decode_ais(const Ports& inputs) {
  net::Tensor maps{{1, 3, 1024, 1024}, std::vector<float>(3 * 1024 * 1024)};
  for (std::size_t y = 0; y < 1024; ++y) {
    for (std::size_t x = 0; x < 1024; ++x) {
      const float bright = 1 / (1 + std::exp(-3 * inputs[0].values[y / 16 * 64 + x / 16]));
      maps.values[y * 1024 + x] = bright;
      maps.values[(1024 + y) * 1024 + x] = 1 - bright;
      maps.values[(2048 + y) * 1024 + x] = 1 - bright;
    }
  }
  return {maps};
}

// Whatever the point, the bright pixels; twice with a low predicted IoU.
Ports decode_points(const Ports& inputs) {
  const std::int64_t count = inputs[1].shape[0];
  net::Tensor logits{{count, 3, 256, 256}, {}};
  net::Tensor iou{{count, 3}, {}};
  for (std::int64_t mask = 0; mask < 3 * count; ++mask) {
    iou.values.push_back(mask % 3 == 1 ? 0.95F : 0.5F);
    for (std::size_t y = 0; y < 256; ++y) {
      for (std::size_t x = 0; x < 256; ++x)
        logits.values.push_back(50 * inputs[0].values[y / 4 * 64 + x / 4]);
    }
  }
  return {logits, iou};
}

struct Disc {
  double y;
  double x;
};

constexpr image::PlaneShape kShape{200, 300};
const std::vector<Disc>& discs() {
  static const std::vector<Disc> list{{50, 60}, {60, 220}, {150, 140}};
  return list;
}

std::vector<float> picture() {
  std::vector<float> values;
  for (std::int64_t y = 0; y < kShape[0]; ++y) {
    for (std::int64_t x = 0; x < kShape[1]; ++x) {
      const bool inside = std::any_of(discs().begin(), discs().end(), [&](const Disc& disc) {
        return std::hypot(double(y) - disc.y, double(x) - disc.x) < 28;
      });
      values.push_back(inside ? 4000.0F : 100.0F);
    }
  }
  return values;
}

image::PicturePart part_of(const std::vector<float>& values) {
  return {{values.data()}, kShape, kShape[1], false};
}

// Every disc is a cell of its own, as large as it should be, and all else background.
void check_discs(const std::vector<std::uint32_t>& labels) {
  std::vector<std::uint32_t> found;
  for (const Disc& disc : discs())
    found.push_back(labels[static_cast<std::size_t>(disc.y * double(kShape[1]) + disc.x)]);
  CHECK(found == std::vector<std::uint32_t>{1, 2, 3});
  const double area = 3.14159 * 28 * 28;
  for (const std::uint32_t label : found) {
    const auto pixels = std::count(labels.begin(), labels.end(), label);
    CHECK(double(pixels) > 0.8 * area);
    CHECK(double(pixels) < 1.2 * area);
  }
}

TEST_CASE("micro-sam: AIS from a picture to cells, whole and in tiles, for any number of threads", "[task]") {
  const std::vector<float> values = picture();
  StandIn encoder(encode);
  StandIn decoder(decode_ais);
  for (const SamTiling& tiling : {SamTiling{}, SamTiling{{100, 150}, {30, 30}}}) {
    std::vector<std::uint32_t> first;
    for (const int threads : {1, 2}) {
      RunControl control;
      control.threads = threads;
      const decode::AisLabels cells = segment_ais(encoder, decoder, part_of(values),
                                                  image::SamContrast::per_channel, tiling, {}, control);
      CHECK(cells.count == 3);
      check_discs(cells.labels);
      if (first.empty()) first = cells.labels;
      CHECK(cells.labels == first);
    }
  }
  CHECK(encoder.calls == 10);
}

TEST_CASE("micro-sam: AMG from a picture to cells, for any number of threads", "[task]") {
  const std::vector<float> values = picture();
  StandIn encoder(encode);
  StandIn decoder(decode_points);
  for (const int threads : {1, 2}) {
    RunControl control;
    control.threads = threads;
    decode::AmgOptions options;
    options.stability_score_thresh = 0.9;
    const decode::AmgLabels cells =
        segment_amg(encoder, decoder, part_of(values), image::SamContrast::per_channel, options, control);
    CHECK(cells.count == 3);
    check_discs(cells.labels);
  }
  CHECK(encoder.calls == 2);
  CHECK(decoder.calls == 32);
}

TEST_CASE("micro-sam: a picture of one value has no cells, and no network runs", "[task]") {
  const std::vector<float> even(static_cast<std::size_t>(kShape[0] * kShape[1]), 9.0F);
  StandIn network([](const Ports&) -> Ports { throw Error(ErrorCode::internal, "ran"); });
  const auto contrast = image::SamContrast::per_channel;
  CHECK(segment_ais(network, network, part_of(even), contrast, {}, {}, {}).count == 0);
  const decode::AmgLabels cells = segment_amg(network, network, part_of(even), contrast, {}, {});
  CHECK(cells.labels == std::vector<std::uint32_t>(even.size(), 0));
}

TEST_CASE("micro-sam: networks of other shapes are refused, cancelling is heard", "[task]") {
  const std::vector<float> values = picture();
  StandIn encoder(encode);
  StandIn small([](const Ports&) -> Ports { return {{{1, 3, 8, 8}, std::vector<float>(192)}}; });
  const auto contrast = image::SamContrast::per_channel;
  CHECK_THROWS_AS(segment_ais(encoder, small, part_of(values), contrast, {}, {}, {}), Error);
  CHECK_THROWS_AS(segment_ais(small, encoder, part_of(values), contrast, {}, {}, {}), Error);
  CHECK_THROWS_AS(segment_amg(encoder, small, part_of(values), contrast, {}, {}), Error);
  RunControl control;
  control.cancel.cancel();
  StandIn decoder(decode_ais);
  CHECK_THROWS_AS(segment_ais(encoder, decoder, part_of(values), contrast, {}, {}, control), Error);
}

TEST_CASE("micro-sam: points are those of segment-anything, x first", "[task]") {
  const std::vector<float> points = grid_points(2, {200, 300}, {683, 1024});
  CHECK(points == std::vector<float>{256, 170.75F, 768, 170.75F, 256, 512.25F, 768, 512.25F});
}

// forward(x): ones of the shape of an embedding, by an operator that no graph has.
std::string ones_program() {
  return test::write_torchscript(
      test::module_of({"return torch.add(torch.mul(torch.sum(x), 0.), torch.ones([1, 256, 64, 64]))"}));
}

TEST_CASE("micro-sam: networks are TorchScript files that must be trusted", "[task]") {
  const test::TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "encoder.pt";
  std::ofstream(file, std::ios::binary) << ones_program();
  const std::string refused = test::error_of([&] { open_sam_network(file, false, RunControl{}); });
  CHECK(test::contains(refused, "model/model: is a TorchScript program"));
  CHECK(test::contains(
      test::error_of([&] { open_sam_network(folder.path() / "none.pt", true, RunControl{}); }), "io/io"));
  if (!infer::probe_torch(false).available) {
    std::cout << "skipped: needs the torch engine\n";
    return;
  }
  const auto encoder = load_sam_network(open_sam_network(file, true, RunControl{}), Device{}, 0);
  StandIn decoder(decode_ais);
  const std::vector<float> values = picture();
  CHECK(segment_ais(*encoder, decoder, part_of(values), image::SamContrast::per_channel, {}, {}, {}).count ==
        1);
}

// Brightness of 16 x 16 pixels in all channels of an embedding.
std::string brightness_program() {
  return test::write_torchscript(
      test::module_of({"y = torch.avg_pool2d(x, [16, 16], [16, 16])", "z = torch.sum(y, [1], True)",
                       "return torch.mul(z, torch.ones([1, 256, 1, 1]))"}));
}

// Bright is foreground with low distances.
std::string bright_cells_program() {
  return test::write_torchscript(test::module_of(
      {"y = torch.mul(torch.sum(x, [1], True), 0.01)", "z = torch.upsample_nearest2d(y, None, [16., 16.])",
       "n = torch.neg(z)", "return torch.sigmoid(torch.cat([z, n, n], 1))"}));
}

ImageStack stack_of(const std::vector<float>& values) {
  StackGeometry geometry;
  geometry.shape = {1, 1, 1, kShape[0], kShape[1]};
  ImageStack stack = ImageStack::zeros(geometry, DType::u16);
  const PlaneView<std::uint16_t> plane = stack.mutable_plane<std::uint16_t>(0, 0, 0);
  for (std::int64_t y = 0; y < kShape[0]; ++y) {
    for (std::int64_t x = 0; x < kShape[1]; ++x)
      plane(y, x) = static_cast<std::uint16_t>(values[static_cast<std::size_t>(y * kShape[1] + x)]);
  }
  return stack;
}

void write(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

/// What the error of opening it is about.
std::filesystem::path refused_file(const std::filesystem::path& model) {
  try {
    SamModel::open(model);
  } catch (const Error& error) {
    return error.file();
  }
  return {};
}

TEST_CASE("micro-sam: a folder of programs is a model of the methods that it has networks for", "[task]") {
  const test::TemporaryFolder folder;
  const auto opened = [&] { return SamModel::open(folder.path(), SamModelOptions{true, {}}); };
  CHECK(test::contains(test::error_of(opened), "holds no encoder.pt"));
  write(folder.path() / "encoder.pt", brightness_program());
  CHECK(test::contains(test::error_of(opened), "holds neither ais_decoder.pt"));
  write(folder.path() / "ais_decoder.pt", bright_cells_program());
  const SamModel model = opened();
  CHECK(model.name() == folder.path().filename());
  CHECK(model.sha256().size() == 64);
  CHECK(model.has(SamMethod::ais));
  CHECK_FALSE(model.has(SamMethod::amg));
  CHECK(test::contains(test::error_of([&] { SamSegmenter(model, SamMethod::amg); }),
                       "has no mask decoder for AMG"));
  CHECK(test::contains(test::error_of([&] { SamModel::open(folder.path() / "none"); }), "io/io"));
  CHECK(refused_file(folder.path() / "encoder.pt") == folder.path() / "encoder.pt");
  if (!infer::probe_torch(false).available) {
    std::cout << "skipped: needs the torch engine\n";
    return;
  }
  SamSegmenter segmenter(model, SamMethod::ais);
  const ImageStack stack = stack_of(picture());
  SamOptions options;
  const CellMasks masks = segmenter.run(stack, options);
  CHECK(masks.count == 3);
  check_discs(masks.labels);
  options.ais.min_size = 100000;
  CHECK(segmenter.run(stack, options).count == 0);
  options.ais.min_size = -1;
  CHECK(test::contains(test::error_of([&] { segmenter.run(stack, options); }), "options.ais.min_size is -1"));
  StackGeometry series;
  series.shape = {2, 1, 1, 8, 8};
  CHECK(test::contains(test::error_of([&] { segmenter.run(ImageStack::zeros(series, DType::u8)); }),
                       "the picture has 2 times"));
}

TEST_CASE("micro-sam: checkpoints, whole and with the decoder beside them, find the same cells", "[task]") {
  const test::TemporaryFolder folder;
  const net::StateDict model = test::small_sam();
  const net::StateDict decoder = test::small_microsam_decoder(false);
  write(folder.path() / "whole.pt", test::sam_checkpoint(model, &decoder));
  write(folder.path() / "parts.pth", test::sam_checkpoint(model));
  CHECK_FALSE(SamModel::open(folder.path() / "parts.pth").has(SamMethod::ais));
  write(folder.path() / "parts_decoder", test::sam_checkpoint(decoder));
  SamModelOptions named;
  named.decoder = folder.path() / "whole.pt";
  const SamModel whole = SamModel::open(folder.path() / "whole.pt");
  const SamModel beside = SamModel::open(folder.path() / "parts.pth");
  CHECK(whole.name() == "whole");
  CHECK(whole.has(SamMethod::amg));
  CHECK(beside.has(SamMethod::ais));
  CHECK(SamModel::open(folder.path() / "parts.pth", named).has(SamMethod::ais));
  write(folder.path() / "parts_decoder", test::sam_checkpoint(model));
  CHECK(refused_file(folder.path() / "parts.pth") == folder.path() / "parts_decoder");
  const std::string cut = test::sam_checkpoint(model);
  for (const std::size_t kept : {std::size_t{0}, std::size_t{9}, cut.size() / 2, cut.size() - 1}) {
    write(folder.path() / "cut.pt", cut.substr(0, kept));
    CHECK(refused_file(folder.path() / "cut.pt") == folder.path() / "cut.pt");
  }
  if (!infer::probe_torch(false).available) {
    std::cout << "skipped: needs the torch engine\n";
    return;
  }
  const ImageStack stack = stack_of(picture());
  SamOptions options;
  options.ais.center_distance_threshold = 0.6;
  options.ais.boundary_distance_threshold = 0.6;
  options.ais.foreground_threshold = 0.4;
  const CellMasks first = SamSegmenter(whole, SamMethod::ais).run(stack, options);
  CHECK(first.count > 0);
  CHECK(SamSegmenter(beside, SamMethod::ais).run(stack, options).labels == first.labels);
}

}  // namespace
}  // namespace musclemap::task
