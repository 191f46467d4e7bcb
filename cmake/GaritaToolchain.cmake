# How everything is compiled. Options:
#   GARITA_SANITIZE  none | address (with undefined) | thread | fuzz (clang, libFuzzer with address)
#   GARITA_TESTS, GARITA_BENCH  ON | OFF
set(GARITA_SANITIZE "none" CACHE STRING "none, address, thread or fuzz")
option(GARITA_TESTS "build the tests" ON)
option(GARITA_BENCH "build the benchmarks" ON)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_C_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 "${CCACHE_PROGRAM}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_C_COMPILER_LAUNCHER}")
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
                    -Werror -fno-omit-frame-pointer -fstack-protector-strong -ffunction-sections -fdata-sections)
add_link_options(-Wl,--as-needed -Wl,--gc-sections -Wl,-z,relro -Wl,-z,now)
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

if(GARITA_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -O1)
  add_link_options(-fsanitize=address,undefined)
elseif(GARITA_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -O1 -Wno-tsan)
  add_link_options(-fsanitize=thread)
elseif(GARITA_SANITIZE STREQUAL "fuzz")
  # clang 14 cannot compile coroutines with -fsanitize=function
  add_compile_options(-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize=function -fno-sanitize-recover=all -O1)
  add_link_options(-fsanitize=address,undefined)
elseif(CMAKE_BUILD_TYPE MATCHES "Rel")
  add_compile_definitions(_FORTIFY_SOURCE=2)
endif()
