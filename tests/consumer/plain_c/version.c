/* Says which library was loaded. */
#include <musclemap.h>
#include <stdio.h>

int main(void) {
  puts(mm_version_string());
  return mm_abi_version() == MM_ABI_VERSION ? 0 : 1;
}
