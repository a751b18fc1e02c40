#include "tests/firmware/on_target/semihosting.h"

#include <cstdint>

namespace mailroom::test {
namespace {

constexpr int kWrite0 = 0x04, kExitExtended = 0x20;
constexpr std::uint32_t kApplicationExit = 0x20026;

void call(int operation, const void* argument) {
  register int r0 asm("r0") = operation;
  register const void* r1 asm("r1") = argument;
  asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
}

}  // namespace

void print(const char* text) {
  call(kWrite0, text);
}

void leave(int code) {
  const std::uint32_t block[2] = {kApplicationExit, std::uint32_t(code)};
  for (;;) call(kExitExtended, block);
}

}  // namespace mailroom::test
