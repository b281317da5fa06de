// Finding and opening the torch engine module.
#include <dlfcn.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/own_folder.hpp"
#include "infer/engine.hpp"
#include "infer/engine_module.h"
#include "infer/known_network.hpp"
#include "infer/module_engine.hpp"
#include "infer/module_message.hpp"
#include "musclemap/error.hpp"

namespace musclemap::infer {
namespace {

namespace fs = std::filesystem;

constexpr const char* kModulePrefix = "musclemap_torch_";

struct Opened {
  const musclemap_engine_functions* functions = nullptr;
  fs::path module_file;
  fs::path library_folder;
  std::string problem;
};

struct Places {
  std::mutex mutex;
  fs::path module_folder;
  fs::path torch_folder;
};

Places& places() {
  static Places named;
  return named;
}

std::vector<fs::path> module_folders() {
  std::vector<fs::path> folders;
  if (const char* named = std::getenv("MUSCLEMAP_ENGINE_PATH")) folders.emplace_back(named);
  {
    const std::lock_guard<std::mutex> lock(places().mutex);
    if (!places().module_folder.empty()) folders.push_back(places().module_folder);
  }
  const fs::path own = base::own_folder();
  for (const char* relative : {"../lib/musclemap", "musclemap", "../lib64/musclemap"}) {
    if (!own.empty()) folders.push_back(own / relative);
  }
#ifdef MUSCLEMAP_MODULES_FROM_PROGRAMS
  if (!own.empty()) folders.push_back(own / MUSCLEMAP_MODULES_FROM_PROGRAMS);
#endif
#ifdef MUSCLEMAP_INSTALLED_MODULES
  folders.emplace_back(MUSCLEMAP_INSTALLED_MODULES);
#endif
  return folders;
}

// Modules are named after LibTorch's minor version, which is not ours to assume: every one is a candidate.
std::vector<fs::path> module_files() {
  std::vector<fs::path> files;
  for (const fs::path& folder : module_folders()) {
    std::error_code failed;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
      const std::string name = entry.path().filename().string();
      if (name.rfind(kModulePrefix, 0) == 0 && entry.path().extension() == ".so")
        files.push_back(entry.path());
    }
    if (!files.empty()) break;
  }
  return files;
}

std::vector<fs::path> torch_folders() {
  std::vector<fs::path> folders;
  const char* named = std::getenv("MUSCLEMAP_TORCH_DIR");
  if (named != nullptr && *named != '\0') {
    folders.push_back(fs::path(named) / "lib");
    return folders;
  }
  {
    const std::lock_guard<std::mutex> lock(places().mutex);
    if (!places().torch_folder.empty()) folders.push_back(places().torch_folder / "lib");
  }
#ifdef MUSCLEMAP_BUILD_TORCH_LIB
  folders.emplace_back(MUSCLEMAP_BUILD_TORCH_LIB);
#endif
  return folders;
}

// Folder of the libtorch_cpu.so that the process holds already, such as a Python host's.
fs::path loaded_torch_folder() {
  void* handle = dlopen("libtorch_cpu.so", RTLD_NOW | RTLD_NOLOAD);
  if (handle == nullptr) return {};
  fs::path folder;
  // Any symbol of the library tells where it was loaded from.
  Dl_info info{};
  void* symbol = dlsym(handle, "_ZN2at15get_num_threadsEv");
  if (symbol != nullptr && dladdr(symbol, &info) != 0) folder = fs::path(info.dli_fname).parent_path();
  dlclose(handle);
  return folder;
}

// "2.11.0", from the text that wheels and archives of LibTorch carry beside lib/; empty where there is none.
std::string version_of(const fs::path& library_folder) {
  const fs::path torch = library_folder.parent_path();
  for (const char* name : {"version.py", "build-version"}) {
    std::ifstream file(torch / name);
    std::string line;
    while (std::getline(file, line)) {
      const bool stated = std::strcmp(name, "build-version") == 0 || line.rfind("__version__", 0) == 0;
      const std::size_t begin = line.find_first_of("0123456789");
      if (!stated || begin == std::string::npos) continue;
      return line.substr(begin, line.find_first_not_of("0123456789.", begin) - begin);
    }
  }
  return {};
}

// "2.11" of musclemap_torch_2_11.so and of 2.11.0.
std::string minor_of(const std::string& text, char separator) {
  const std::size_t dot = text.find(separator);
  if (dot == std::string::npos) return {};
  const std::size_t end = text.find_first_not_of("0123456789", dot + 1);
  return text.substr(0, dot) + "." + text.substr(dot + 1, end - dot - 1);
}

std::string minor_of(const fs::path& module_file) {
  return minor_of(module_file.stem().string().substr(std::strlen(kModulePrefix)), '_');
}

// Why this LibTorch may not be opened: a module of another minor version would crash rather than complain.
std::string version_problem(const fs::path& library_folder, const std::vector<fs::path>& modules) {
  const std::string version = version_of(library_folder);
  if (version.empty()) return {};
  std::string built_for;
  for (const fs::path& file : modules) {
    if (minor_of(file) == minor_of(version, '.')) return {};
    built_for += (built_for.empty() ? "" : ", ") + minor_of(file);
  }
  return "the LibTorch in " + library_folder.string() + " is " + version +
         ", but the engine module is built for " + built_for +
         "; install that torch, or set MUSCLEMAP_TORCH_DIR to the torch folder of another environment";
}

const char* how_to_get_torch() {
  return "get it with: pip install torch==2.11.0, and set MUSCLEMAP_TORCH_DIR to the torch folder of that "
         "environment";
}

// The module names no place for LibTorch, so LibTorch is opened first; the loader then matches it by name.
bool open_torch(const std::vector<fs::path>& modules, Opened* opened) {
  const fs::path loaded = loaded_torch_folder();
  if (!loaded.empty()) {
    opened->library_folder = loaded;
    opened->problem = version_problem(loaded, modules);
    return opened->problem.empty();
  }
  std::string tried;
  for (const fs::path& folder : torch_folders()) {
    opened->problem = version_problem(folder, modules);
    // Another LibTorch must not come into a process whose own one is named.
    if (!opened->problem.empty()) return false;
    const fs::path c10 = folder / "libc10.so";
    const fs::path cpu = folder / "libtorch_cpu.so";
    if (dlopen(c10.c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr &&
        dlopen(cpu.c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr) {
      opened->library_folder = folder;
      return true;
    }
    const char* reason = dlerror();
    tried += (tried.empty() ? "" : "; ") + std::string(reason != nullptr ? reason : folder.c_str());
  }
  opened->problem = "LibTorch was not found (" + (tried.empty() ? "MUSCLEMAP_TORCH_DIR is not set" : tried) +
                    "); " + how_to_get_torch();
  return false;
}

Opened open_module() {
  Opened opened;
  const std::vector<fs::path> files = module_files();
  if (files.empty()) {
    opened.problem = "the engine module musclemap_torch_*.so was not found; looked in";
    for (const fs::path& folder : module_folders())
      opened.problem += " " + folder.lexically_normal().string();
    opened.problem +=
        "; a musclemap that was built without LibTorch has none, and runs UNets on the CPU with its own "
        "engine: "
        "build it where pip has installed torch==2.11.*, or name the folder of a module in "
        "MUSCLEMAP_ENGINE_PATH";
    return opened;
  }
  if (!open_torch(files, &opened)) return opened;
  const std::string version = version_of(opened.library_folder);
  for (const fs::path& file : files) {
    // Modules for several versions may lie side by side, and another version's may well open.
    if (!version.empty() && minor_of(file) != minor_of(version, '.')) continue;
    void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
      opened.problem = "the engine module " + file.filename().string() + " does not fit the LibTorch in " +
                       opened.library_folder.string() + ": " + dlerror();
      continue;
    }
    const auto entry = reinterpret_cast<musclemap_engine_entry>(dlsym(handle, MUSCLEMAP_ENGINE_ENTRY));
    const musclemap_engine_functions* functions = entry != nullptr ? entry() : nullptr;
    if (functions == nullptr || functions->abi != MUSCLEMAP_ENGINE_ABI) {
      opened.problem = "the engine module " + file.string() + " belongs to another version of musclemap";
      dlclose(handle);
      continue;
    }
    opened.functions = functions;
    opened.module_file = file;
    opened.problem.clear();
    break;
  }
  return opened;
}

// Opened once; a failure is tried again, since the environment may have been mended. Modules stay open:
// LibTorch cannot be unloaded.
Opened shared_module() {
  static std::mutex mutex;
  static Opened opened;
  const std::lock_guard<std::mutex> lock(mutex);
  if (opened.functions == nullptr) opened = open_module();
  return opened;
}

const musclemap_engine_functions& required_module(Opened* opened) {
  *opened = shared_module();
  if (opened->functions == nullptr) throw Error(ErrorCode::device, opened->problem);
  return *opened->functions;
}

}  // namespace

void set_engine_places(const fs::path& module_folder, const fs::path& torch_folder) {
  const std::lock_guard<std::mutex> lock(places().mutex);
  places().module_folder = module_folder;
  places().torch_folder = torch_folder;
}

TorchProbe probe_torch(bool with_cuda) {
  TorchProbe probe;
  const Opened opened = shared_module();
  probe.library_folder = opened.library_folder.string();
  probe.module_file = opened.module_file.lexically_normal().string();
  probe.problem = opened.problem;
  if (opened.functions == nullptr) {
    probe.cuda_problem = "GPUs need the engine of LibTorch";
    return probe;
  }
  probe.available = true;
  probe.name = opened.functions->name;
  if (!with_cuda) return probe;
  ModuleMessage message;
  probe.cuda = opened.functions->probe_cuda(opened.library_folder.c_str(), message.text()) == 0;
  probe.cuda_problem = message.str();
  return probe;
}

namespace {

/// The index of a CUDA device, or -1 for the CPU.
int prepare_device(const musclemap_engine_functions& functions, const Device& device, int torch_threads) {
  int cuda_index = -1;
  if (device.kind == Device::cuda) {
    const TorchProbe probe = probe_torch(true);
    if (!probe.cuda) throw Error(ErrorCode::device, "CUDA cannot be used: " + probe.cuda_problem);
    cuda_index = device.index;
  }
  if (torch_threads > 0) functions.set_threads(torch_threads);
  return cuda_index;
}

}  // namespace

std::unique_ptr<Engine> load_torch_engine(const Network& network, const Device& device, int torch_threads,
                                          bool half) {
  Opened opened;
  const musclemap_engine_functions& functions = required_module(&opened);
  const int cuda_index = prepare_device(functions, device, torch_threads);
  return std::make_unique<ModuleEngine>(functions, ModuleNetwork(network, half && cuda_index >= 0),
                                        cuda_index);
}

std::unique_ptr<Engine> load_known_network(const KnownNetwork& network, const Device& device,
                                           int torch_threads) {
  Opened opened;
  const musclemap_engine_functions& functions = required_module(&opened);
  const int cuda_index = prepare_device(functions, device, torch_threads);
  return std::make_unique<ModuleEngine>(functions, ModuleNetwork(network), cuda_index);
}

}  // namespace musclemap::infer
