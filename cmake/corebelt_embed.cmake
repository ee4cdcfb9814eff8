# corebelt_embed(<target> NAMESPACE <namespace> FUNCTION <name> FILES <paths…>)
# Compiles text files into a target, so that the program needs no data folder at run time. The target gets
#   std::span<const std::pair<std::string_view, std::string_view>> <namespace>::<name>();
# pairs of file stem and content, in the order of FILES; a private header declares it. The source is written in
# the build tree, again whenever a file changes.
if(CMAKE_SCRIPT_MODE_FILE)
  list(LENGTH FILES count)
  set(entries "")
  foreach(file IN LISTS FILES)
    get_filename_component(stem "${file}" NAME_WLE)
    file(READ "${file}" content)
    string(APPEND entries "        {\"${stem}\", R\"embedded(${content})embedded\"},\n")
  endforeach()
  file(WRITE "${OUTPUT}" "// Written by cmake/corebelt_embed.cmake.
#include <array>
#include <span>
#include <string_view>
#include <utility>

namespace ${NAMESPACE} {

using EmbeddedFile = std::pair<std::string_view, std::string_view>;

std::span<const EmbeddedFile> ${FUNCTION}();
std::span<const EmbeddedFile> ${FUNCTION}() {
    static constexpr std::array<EmbeddedFile, ${count}> files = {{
${entries}    }};
    return files;
}

} // namespace ${NAMESPACE}
")
  return()
endif()

set(COREBELT_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
function(corebelt_embed target)
  cmake_parse_arguments(EMBED "" "NAMESPACE;FUNCTION" "FILES" ${ARGN})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${EMBED_FUNCTION}.cpp)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAMESPACE=${EMBED_NAMESPACE} -DFUNCTION=${EMBED_FUNCTION}
            "-DFILES=${EMBED_FILES}" -P ${COREBELT_EMBED_SCRIPT}
    DEPENDS ${EMBED_FILES} ${COREBELT_EMBED_SCRIPT}
    COMMENT "Embedding ${EMBED_FUNCTION}" VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
