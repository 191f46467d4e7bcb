# How everything is compiled. Options:
#   GARITA_SANITIZE  none | address (with undefined) | thread | fuzz (clang, libFuzzer with address)
#   GARITA_TESTS     ON | peers (those only that need root or outside programs) | OFF
#   GARITA_BENCH     ON | OFF
#   GARITA_BATCHES   ON: the files of a room are compiled some at a time, in a third of the time. So with sanitizers; without
#                    them each by itself, which shows that it includes what it needs
set(GARITA_SANITIZE "none" CACHE STRING "none, address, thread or fuzz")
set(GARITA_TESTS ON CACHE STRING "build the tests: ON, peers, OFF")
option(GARITA_BENCH "build the benchmarks" ON)
option(GARITA_BATCHES "compile the files of a room some at a time" OFF)

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
if(GARITA_BATCHES)
  set(CMAKE_UNITY_BUILD ON)
  set(CMAKE_UNITY_BUILD_BATCH_SIZE 10)
  add_compile_options(-Wno-shadow) # of a name in another file of the batch
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-subobject-linkage>)
  endif()
endif()
add_link_options(-Wl,--as-needed -Wl,--gc-sections -Wl,-z,relro -Wl,-z,now)
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

if(GARITA_SANITIZE STREQUAL "address")
  # not optimised, and without those checks of each access whose faults show themselves in a crash: half of the time to
  # compile
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=null,object-size,vptr -fno-sanitize-recover=all -O0)
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
