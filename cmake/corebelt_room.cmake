# Flags every target of the tree gets. Contraction stays off so that the same input gives the same bits with
# and without fused multiply-add; where fma is wanted it is written as std::fma.
add_library(corebelt_flags INTERFACE)
target_compile_features(corebelt_flags INTERFACE cxx_std_20)
target_compile_options(corebelt_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -ffp-contract=off
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> # GCC 12 sees overlaps in std::string's operator+ that are not there (PR 105651)
  $<$<BOOL:${COREBELT_WERROR}>:-Werror>)
if(COREBELT_SANITIZE)
  target_compile_options(corebelt_flags INTERFACE -fsanitize=${COREBELT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(corebelt_flags INTERFACE -fsanitize=${COREBELT_SANITIZE})
endif()
if(COREBELT_FUZZ)
  target_compile_options(corebelt_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# corebelt_room(<name> HEADERS … SOURCES … PUBLIC <rooms…> PRIVATE <libraries…>)
# The only way to add a room. Its include root is its own, so a header of a room that is not named under
# PUBLIC or PRIVATE is "No such file". Headers are a file set: the target all_verify_interface_header_sets
# compiles each of them alone.
function(corebelt_room name)
  cmake_parse_arguments(ROOM "" "" "HEADERS;SOURCES;PUBLIC;PRIVATE" ${ARGN})
  set(target corebelt_${name})
  if(ROOM_SOURCES)
    add_library(${target} STATIC ${ROOM_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE corebelt_flags ${ROOM_PRIVATE})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_compile_features(${target} ${scope} cxx_std_20)
  target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS include FILES ${ROOM_HEADERS})
  target_link_libraries(${target} ${scope} ${ROOM_PUBLIC})
endfunction()

# corebelt_tests(<room> SOURCES … LINK <targets…>): one test executable a room; ctest label = room.
function(corebelt_tests room)
  cmake_parse_arguments(T "" "" "SOURCES;LINK" ${ARGN})
  if(NOT T_SOURCES)
    return()
  endif()
  set(target test_${room})
  add_executable(${target} ${T_SOURCES})
  target_link_libraries(${target} PRIVATE corebelt_flags corebelt_test_support ${T_LINK})
  target_compile_definitions(${target} PRIVATE
    COREBELT_SOURCE_DIR="${PROJECT_SOURCE_DIR}" COREBELT_BINARY_DIR="${PROJECT_BINARY_DIR}")
  add_test(NAME ${room} COMMAND ${target} "~[long]" "~[.]")
  set_tests_properties(${room} PROPERTIES LABELS ${room} TIMEOUT 900)
endfunction()
