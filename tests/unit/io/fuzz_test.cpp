// Mutated files through the readers, for as long as MUSCLEMAP_FUZZ_SECONDS says: `./dev fuzz SECONDS`.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "io/arrays/npy_file.hpp"
#include "io/arrays/npy_header.hpp"
#include "io/files/file_bytes.hpp"
#include "io/files/json_file.hpp"
#include "io/nd2/nd2_picture.hpp"
#include "io/weights/state_dict.hpp"
#include "io/weights/torchscript/archive.hpp"
#include "io/weights/torchscript/network.hpp"
#include "musclemap/error.hpp"
#include "musclemap/nifti.hpp"
#include "musclemap/pictures.hpp"
#include "support/catch.hpp"
#include "support/nifti_bytes.hpp"
#include "support/temporary_folder.hpp"
#include "support/tiff_bytes.hpp"
#include "support/zip_writer.hpp"
#include "unit/io/nd2/nd2_writer.hpp"

namespace musclemap {
namespace {

const std::filesystem::path kGolden = std::filesystem::path(MUSCLEMAP_SOURCE_DIR) / "tests/golden/pth";

using Random = std::mt19937_64;

std::string mutated(std::string bytes, Random& random) {
  for (auto n = 1 + random() % 4; n > 0 && !bytes.empty(); --n) {
    const std::size_t at = random() % bytes.size();
    switch (random() % 4) {
      case 0:
        bytes[at] = static_cast<char>(random() & 255);
        break;
      case 1:
        bytes.erase(at, 1 + random() % 16);
        break;
      case 2:
        bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 64));
        break;
      default:
        bytes.resize(at);
        break;
    }
  }
  return bytes;
}

// Behind right checksums it is the readers of the entries that are at risk.
std::string with_mutated_entry(const std::string& archive, Random& random) {
  const io::ZipReader zip(archive);
  std::vector<test::ZipItem> items;
  const std::size_t chosen = random() % zip.entries().size();
  for (const io::ZipEntry& entry : zip.entries()) {
    std::string data = zip.read(entry, std::size_t{1} << 24);
    // Most often the pickle, which holds everything together.
    const bool pickle = entry.name.find("/data.pkl") != std::string::npos;
    const bool change = random() % 2 == 0 ? pickle : items.size() == chosen;
    items.push_back(test::stored_item(entry.name, change ? mutated(std::move(data), random) : data));
  }
  return test::write_zip(items);
}

void read_model(const std::string& bytes) {
  io::refuse_other_weights_formats(bytes);
  const io::ZipReader zip(bytes);
  if (!io::is_torchscript(zip)) {
    io::read_state_dict(zip);
    return;
  }
  io::inspect_torchscript(zip);
  io::TorchScriptNetwork network(zip);
  for (std::size_t i = 0; i < network.graph().parameters.size(); ++i) network.read(i);
}

void read_nd2(const std::filesystem::path& file) {
  io::Nd2Picture picture(file);
  const io::Nd2Facts& facts = picture.facts();
  std::string plane(
      static_cast<std::size_t>(facts.shape[3] * facts.shape[4]) * io::nd2_type_bytes(facts.type), '\0');
  for (std::int64_t t = 0; t < facts.shape[0]; ++t) {
    for (std::int64_t z = 0; z < facts.shape[2]; ++z) picture.read_plane(t, 0, z, plane.data());
  }
}

// Two moments of two sections of 2x1 pixels.
std::string small_nd2() {
  test::Chunks chunks = {{"ImageAttributesLV!", test::nd2_attributes(2, 1, 1, 4, 8)},
                         {"ImageMetadataLV!", test::nd2_loop(1, 2, test::nd2_loop(4, 2, {}, ""))}};
  for (int n = 0; n < 4; ++n)
    chunks.emplace_back("ImageDataSeq|" + std::to_string(n) + "!", std::string(10, 'v'));
  return test::nd2_file(chunks);
}

// One of each kind of description, and what compression makes of zeros.
std::vector<std::string> picture_files() {
  const std::string ome =
      "<OME UUID=\"urn:uuid:1\"><Image ID=\"Image:0\"><Pixels DimensionOrder=\"XYZCT\" SizeX=\"3\" "
      "SizeY=\"2\" "
      "SizeZ=\"1\" SizeC=\"1\" SizeT=\"2\" PhysicalSizeX=\"0.2\"><TiffData IFD=\"0\" "
      "PlaneCount=\"2\"/></Pixels>"
      "</Image><StructuredAnnotations><CommentAnnotation "
      "Namespace=\"VLabApp\"><Value>a</Value></CommentAnnotation>"
      "</StructuredAnnotations></OME>";
  const std::string zeros(6, '\0');
  const test::TiffPlane second{3, 2, 8, zeros, {}, {}};
  std::vector<std::string> files;
  for (const std::string& text : {ome, std::string("ImageJ=1.53t\nslices=2\nunit=um\nspacing=2\n"),
                                  std::string("{\"shape\": [2, 2, 3], \"axes\": \"ZYX\"}")}) {
    files.push_back(test::tiff_bytes({{3, 2, 8, zeros, text, {}}, second}));
  }
  // PackBits: six zeros are two bytes.
  files.push_back(test::tiff_bytes({{3, 2, 8, std::string("\xFB\0", 2), {}, {{259, 32773}}}}));
  // Tiles of 16 x 16 bits.
  test::TiffPlane tiled{16, 16, 1, std::string(32, '\x55'), {}, {}};
  tiled.tags = {{322, 16}, {323, 16}, {325, 32}};
  files.push_back(test::tiff_bytes({tiled}));
  return files;
}

TEST_CASE("readers: mutated files are errors or values, never harm", "[io][fuzz]") {
  const char* asked = std::getenv("MUSCLEMAP_FUZZ_SECONDS");
  const std::chrono::duration<double> length(asked == nullptr ? 1.0 : std::atof(asked));
  const std::uint64_t seed = asked == nullptr ? 1 : std::random_device()();
  Random random(seed);
  const test::TemporaryFolder folder;
  std::vector<std::string> models;
  for (const char* name : {"float.pth", "strided.pth", "scripted.pt", "traced.pt"})
    models.push_back(io::read_file_bytes(kGolden / name, 1 << 24));
  const std::string description = io::read_file_bytes(kGolden / "config.json", 1 << 24);
  const std::string array = io::npy_header(io::ArrayType::f4, {2, 3, 1}) + std::string(24, 'v');
  const std::string microscope = small_nd2();
  const test::Bytes image = test::nifti_one({4, 3, 3});
  const std::vector<std::string> pictures = picture_files();
  const std::vector<std::function<void()>> targets = {
      [&] { read_model(mutated(models[random() % models.size()], random)); },
      [&] { read_model(with_mutated_entry(models[random() % models.size()], random)); },
      [&] { io::parse_json(mutated(description, random)); },
      [&] { io::parse_npy(mutated(array, random)); },
      [&] {
        const std::string bytes = mutated(microscope, random);
        test::write_bytes(folder / "a.nd2", test::Bytes(bytes.begin(), bytes.end()));
        read_nd2(folder / "a.nd2");
      },
      [&] {
        const std::string bytes = mutated(std::string(image.begin(), image.end()), random);
        test::write_bytes(folder / "a.nii", test::Bytes(bytes.begin(), bytes.end()));
        NiftiReadOptions options;
        options.limits.max_voxel_bytes = 1 << 20;
        read_nifti(folder / "a.nii", options);
      },
      [&] {
        const std::string bytes = mutated(pictures[random() % pictures.size()], random);
        test::write_bytes(folder / "a.tif", test::Bytes(bytes.begin(), bytes.end()));
        read_picture(folder / "a.tif");
      }};
  std::uint64_t files = 0;
  const auto began = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - began < length) {
    CAPTURE(seed, files);
    try {
      targets[files % targets.size()]();
    } catch (const Error& error) {
      if (std::string(error.what()).empty()) FAIL("an error without a message");
    }
    ++files;
  }
  if (asked != nullptr) std::cout << files << " mutated files, seed " << seed << "\n";
  CHECK(files > 0);
}

}  // namespace
}  // namespace musclemap
