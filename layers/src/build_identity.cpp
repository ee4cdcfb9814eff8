#include "build_identity.hpp"

#include "corebelt/geo/versions.hpp"

#include <link.h>

#include <bit>
#include <string>

namespace corebelt::layers {

namespace {

/// Appends the build notes of the program itself, which comes first; shared libraries have versions of their own.
int append_build_notes(dl_phdr_info* program, std::size_t /*size*/, void* text) {
    auto& identity = *static_cast<std::string*>(text);
    for (ElfW(Half) i = 0; i < program->dlpi_phnum; ++i) {
        const ElfW(Phdr)& part = program->dlpi_phdr[i];
        if (part.p_type == PT_NOTE) // the loader tells addresses as numbers: NOLINTNEXTLINE(performance-no-int-to-ptr)
            identity.append(reinterpret_cast<const char*>(program->dlpi_addr + part.p_vaddr), part.p_memsz);
    }
    return 1; // the first one only
}

} // namespace

const ContentKey& build_identity() {
    static const ContentKey identity = [] {
        std::string text = geo::engine_version() + '\n' + geo::geos_version() + '\n' + geo::proj_version() + '\n' +
                           (std::endian::native == std::endian::little ? "little" : "big") + '\n';
        dl_iterate_phdr(&append_build_notes, &text);
        return content_key(text);
    }();
    return identity;
}

} // namespace corebelt::layers
