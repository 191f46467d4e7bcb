# One line a folder: every *.cpp in it belongs to the target, tests likewise.
#
# Everywhere, ALONE names files that cannot be compiled in one batch with the others of their folder (GARITA_BATCHES),
# because a name of their own, in an unnamed namespace or of a header, is taken there.
function(keep_alone)
  if(NOT ARGN)
    return()
  endif()
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# garita_library(NAME [USES target…] [FUZZED source…] [ALONE source…]): the static library garita_NAME from this folder's
# sources, or an interface library where the folder has headers only. FUZZED: what the fuzz targets need of it, "none" for
# nothing; the fuzz build leaves out the rest.
function(garita_library name)
  cmake_parse_arguments(ARG "" "" "USES;FUZZED;ALONE" ${ARGN})
  keep_alone(${ARG_ALONE})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  if(GARITA_SANITIZE STREQUAL "fuzz" AND ARG_FUZZED)
    list(TRANSFORM ARG_FUZZED PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
    foreach(source ${sources})
      if(NOT source IN_LIST ARG_FUZZED)
        list(REMOVE_ITEM sources "${source}")
      endif()
    endforeach()
  endif()
  if(sources)
    add_library(garita_${name} STATIC ${sources})
    target_include_directories(garita_${name} PUBLIC "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(garita_${name} PUBLIC ${ARG_USES})
  else()
    add_library(garita_${name} INTERFACE)
    target_include_directories(garita_${name} INTERFACE "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(garita_${name} INTERFACE ${ARG_USES})
  endif()
endfunction()

# garita_program(NAME OUTPUT binary [USES target…] [ALONE source…])
function(garita_program name)
  cmake_parse_arguments(ARG "" "OUTPUT" "USES;ALONE" ${ARGN})
  keep_alone(${ARG_ALONE})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  add_executable(${name} ${sources})
  set_target_properties(${name} PROPERTIES OUTPUT_NAME "${ARG_OUTPUT}")
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(${name} PRIVATE ${ARG_USES})
endfunction()

if(GARITA_TESTS)
  add_custom_target(thread_tests COMMENT "the tests that run under ThreadSanitizer too")
endif()

# garita_tests(NAME [PATHS] [USES target…] [LABELS label…] [PROCESSORS n] [ALONE source…]): one GoogleTest program from this
# folder, one CTest test a case.
# PATHS: the tests need to know where sources and build are (GARITA_SOURCE_DIR, GARITA_BINARY_DIR); without it, caches
# serve every checkout.
# PROCESSORS: how many tests' places it takes, where times and rates are measured that others would spoil.
# Labels: "threads" is run under ThreadSanitizer too; "root" needs network namespaces; "peers" needs outside programs.
function(garita_tests name)
  cmake_parse_arguments(ARG "PATHS" "TIMEOUT;PROCESSORS" "USES;LABELS;ALONE" ${ARGN})
  if(GARITA_TESTS STREQUAL "peers" AND NOT "root" IN_LIST ARG_LABELS AND NOT "peers" IN_LIST ARG_LABELS)
    return()
  endif()
  keep_alone(${ARG_ALONE})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if(NOT ARG_PROCESSORS)
    set(ARG_PROCESSORS 1)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(test_${name} ${sources})
  target_include_directories(test_${name} PRIVATE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/tests")
  if(ARG_PATHS)
    target_compile_definitions(test_${name} PRIVATE "GARITA_SOURCE_DIR=\"${PROJECT_SOURCE_DIR}\""
                               "GARITA_BINARY_DIR=\"${CMAKE_BINARY_DIR}\"")
  endif()
  target_link_libraries(test_${name} PRIVATE ${ARG_USES} GTest::gtest GTest::gmock GTest::gtest_main)
  if("threads" IN_LIST ARG_LABELS)
    add_dependencies(thread_tests test_${name})
  endif()
  include(GoogleTest)
  gtest_discover_tests(test_${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT ${ARG_TIMEOUT} PROCESSORS ${ARG_PROCESSORS} LABELS "${ARG_LABELS}")
endfunction()
