#include "cli/voice.hpp"

namespace musclemap::cli {

void add_voice_flags(CLI::App& app, Voice* voice) {
  app.option_defaults()->group("Options");
  app.add_flag("-q,--quiet", voice->quiet, "say nothing but errors");
  app.add_flag("--json", voice->json, "one JSON object a line on standard output");
}

}  // namespace musclemap::cli
