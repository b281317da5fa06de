// The main function of every program; the build says which.
#include "cli/programs.hpp"

int main(int argc, char** argv) { return musclemap::cli::MUSCLEMAP_PROGRAM_MAIN(argc, argv); }
