#include "unit/io/hostile_targets.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include "io/arrays/npy_file.hpp"
#include "io/arrays/npy_header.hpp"
#include "io/arrays/npz_file.hpp"
#include "io/files/file_bytes.hpp"
#include "io/files/json_file.hpp"
#include "io/nd2/nd2_picture.hpp"
#include "io/tiff/ome_xml.hpp"
#include "io/weights/cellpose/model_file.hpp"
#include "io/weights/cellpose/size_model.hpp"
#include "io/weights/state_dict.hpp"
#include "io/weights/torchscript/archive.hpp"
#include "io/weights/torchscript/network.hpp"
#include "musclemap/nifti.hpp"
#include "musclemap/pictures.hpp"
#include "support/nifti_bytes.hpp"
#include "support/pth_writer.hpp"
#include "support/tiff_bytes.hpp"
#include "unit/io/nd2/nd2_writer.hpp"

namespace musclemap::test {
namespace {

namespace fs = std::filesystem;
using Corpus = std::shared_ptr<const std::vector<std::string>>;

std::string golden_file(const std::string& name) {
  return io::read_file_bytes(fs::path(MUSCLEMAP_SOURCE_DIR) / "tests/golden" / name, 1 << 24);
}

Corpus corpus(std::vector<std::string> files) {
  return std::make_shared<const std::vector<std::string>>(std::move(files));
}

const std::string& one_of(const Corpus& files, Random& random) { return (*files)[random() % files->size()]; }

fs::path put(const fs::path& file, const std::string& bytes) {
  write_bytes(file, Bytes(bytes.begin(), bytes.end()));
  return file;
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

void read_nd2(const fs::path& file) {
  io::Nd2Picture picture(file);
  const io::Nd2Facts& facts = picture.facts();
  std::string plane(
      static_cast<std::size_t>(facts.shape[3] * facts.shape[4]) * io::nd2_type_bytes(facts.type), '\0');
  for (std::int64_t t = 0; t < facts.shape[0]; ++t) {
    for (std::int64_t z = 0; z < facts.shape[2]; ++z) picture.read_plane(t, 0, z, plane.data());
  }
  read_picture(file);
}

// Two moments of two sections of 2x1 pixels.
Chunks small_nd2() {
  Chunks chunks = {{"ImageAttributesLV!", nd2_attributes(2, 1, 1, 4, 8)},
                   {"ImageMetadataLV!", nd2_loop(1, 2, nd2_loop(4, 2, {}, ""))}};
  for (int n = 0; n < 4; ++n)
    chunks.emplace_back("ImageDataSeq|" + std::to_string(n) + "!", std::string(10, 'v'));
  return chunks;
}

std::string with_mutated_chunk(Random& random) {
  Chunks chunks = small_nd2();
  std::string& chosen = chunks[random() % chunks.size()].second;
  chosen = mutated(chosen, random);
  return nd2_file(chunks);
}

const std::string& ome_text() {
  static const std::string text =
      "<OME UUID=\"urn:uuid:1\"><Image ID=\"Image:0\"><Pixels DimensionOrder=\"XYZCT\" SizeX=\"3\" "
      "SizeY=\"2\" SizeZ=\"1\" SizeC=\"1\" SizeT=\"2\" PhysicalSizeX=\"0.2\" PhysicalSizeXUnit=\"nm\">"
      "<Channel ID=\"Channel:0:0\" Name=\"a&amp;b\" SamplesPerPixel=\"1\"/><TiffData IFD=\"0\" "
      "FirstT=\"0\" PlaneCount=\"2\"><UUID FileName=\"a.tif\">urn:uuid:1</UUID></TiffData></Pixels>"
      "</Image><StructuredAnnotations><CommentAnnotation Namespace=\"VLabApp\"><Value>a</Value>"
      "</CommentAnnotation></StructuredAnnotations></OME>";
  return text;
}

std::string described_tiff(const std::string& description) {
  const std::string zeros(6, '\0');
  return tiff_bytes({{3, 2, 8, zeros, description, {}}, {3, 2, 8, zeros, {}, {}}});
}

// One of each kind of description, and what compression makes of zeros.
std::vector<std::string> picture_files() {
  std::vector<std::string> files;
  for (const std::string& text : {ome_text(), std::string("ImageJ=1.53t\nslices=2\nunit=um\nspacing=2\n"),
                                  std::string("{\"shape\": [2, 2, 3], \"axes\": \"ZYX\"}")}) {
    files.push_back(described_tiff(text));
  }
  // PackBits: six zeros are two bytes.
  files.push_back(tiff_bytes({{3, 2, 8, std::string("\xFB\0", 2), {}, {{259, 32773}}}}));
  // Tiles of 16 x 16 bits.
  TiffPlane tiled{16, 16, 1, std::string(32, '\x55'), {}, {}};
  tiled.tags = {{322, 16}, {323, 16}, {325, 32}};
  files.push_back(tiff_bytes({tiled}));
  return files;
}

// As the library writes them: classic and BigTIFF, packed and not.
std::vector<std::string> own_pictures(const TemporaryFolder& folder) {
  std::vector<std::string> files;
  for (const std::int64_t side : {9, 1100}) {
    StackGeometry geometry;
    geometry.shape = {1, 2, 1, side, side};
    geometry.channel_names = {"a", "b"};
    OmeTiffOptions options;
    options.comments = {"comment"};
    options.compression = side == 9 ? TiffCompression::none : TiffCompression::deflate;
    write_ome_tiff(ImageStack::zeros(geometry, DType::u16), folder / "own.ome.tif", options);
    files.push_back(io::read_file_bytes(folder / "own.ome.tif", 1 << 24));
  }
  return files;
}

std::string cellpose_model() {
  const std::string pickle = pickle_state_dict({{"diam_mean", {1}, {1}, "0", 0, 3},
                                                {"a.0.running_var", {2}, {1}, "0", 1, 3},
                                                {"diam_labels", {1}, {1}, "0", 1, 3}});
  return write_pth(pickle, {{"0", float_bytes({30, 21.5F, 2})}});
}

std::string stored_npz() {
  const std::string array = io::npy_header(io::ArrayType::f4, {2, 3, 1}) + std::string(24, 'v');
  return write_zip({stored_item("dP.npy", array), deflated_item("cellprob.npy", array)});
}

void read_npz(const fs::path& file) {
  const io::NpzReader archive(file);
  for (const std::string& name : archive.names()) archive.read(name);
}

}  // namespace

std::vector<HostileTarget> hostile_targets(const TemporaryFolder& folder) {
  const Corpus models = corpus({golden_file("pth/float.pth"), golden_file("pth/strided.pth"),
                                golden_file("pth/scripted.pt"), golden_file("pth/traced.pt")});
  const Corpus cellpose = corpus({cellpose_model()});
  const Corpus legacy = corpus({golden_file("pth/legacy.pth")});
  const Corpus size_models = corpus({golden_file("cells/size_new.npy"), golden_file("cells/size_old.npy")});
  const Corpus npy = corpus({io::npy_header(io::ArrayType::f4, {2, 3, 1}) + std::string(24, 'v')});
  const Corpus npz = corpus({stored_npz()});
  const Corpus pictures = corpus(picture_files());
  const Corpus own = corpus(own_pictures(folder));
  const Corpus nd2 = corpus({nd2_file(small_nd2())});
  const Bytes volume = nifti_one({4, 3, 3});
  const Corpus nifti = corpus({std::string(volume.begin(), volume.end())});
  const Corpus json = corpus({golden_file("pth/config.json")});
  const fs::path tiff_file = folder / "a.tif";
  const fs::path nd2_path = folder / "a.nd2";
  const fs::path npz_file = folder / "a.npz";
  const fs::path nifti_file = folder / "a.nii";
  return {
      {"model", [=](Random& random) { read_model(mutated(one_of(models, random), random)); }},
      {"entry of a model",
       [=](Random& random) { read_model(with_mutated_entry(one_of(models, random), "/data.pkl", random)); }},
      {"model of Cellpose",
       [=](Random& random) { io::read_cellpose_model(mutated(one_of(cellpose, random), random)); }},
      {"entry of a model of Cellpose",
       [=](Random& random) {
         io::read_cellpose_model(with_mutated_entry(one_of(cellpose, random), "/data.pkl", random));
       }},
      {"older model of Cellpose",
       [=](Random& random) { io::read_cellpose_model(mutated(one_of(legacy, random), random)); }},
      {"size model",
       [=](Random& random) { io::read_size_model(mutated(one_of(size_models, random), random)); }},
      {"JSON", [=](Random& random) { io::parse_json(mutated(one_of(json, random), random)); }},
      {"npy", [=](Random& random) { io::parse_npy(mutated(one_of(npy, random), random)); }},
      {"npz", [=](Random& random) { read_npz(put(npz_file, mutated(one_of(npz, random), random))); }},
      {"array of an npz",
       [=](Random& random) {
         read_npz(put(npz_file, with_mutated_entry(one_of(npz, random), ".npy", random)));
       }},
      {"ND2", [=](Random& random) { read_nd2(put(nd2_path, mutated(one_of(nd2, random), random))); }},
      {"chunk of an ND2", [=](Random& random) { read_nd2(put(nd2_path, with_mutated_chunk(random))); }},
      {"NIfTI",
       [=](Random& random) {
         NiftiReadOptions options;
         options.limits.max_voxel_bytes = 1 << 20;
         read_nifti(put(nifti_file, mutated(one_of(nifti, random), random)), options);
       }},
      {"TIFF",
       [=](Random& random) { read_picture(put(tiff_file, mutated(one_of(pictures, random), random))); }},
      {"tag of a TIFF",
       [=](Random& random) {
         read_picture(put(tiff_file, with_mutated_tag(one_of(pictures, random), random)));
       }},
      {"own OME-TIFF",
       [=](Random& random) { read_picture(put(tiff_file, mutated(one_of(own, random), random))); }},
      {"OME-XML", [](Random& random) { io::parse_ome_xml(mutated(ome_text(), random)); }},
      {"OME-XML of a TIFF",
       [=](Random& random) { read_picture(put(tiff_file, described_tiff(mutated(ome_text(), random)))); }},
  };
}

}  // namespace musclemap::test
