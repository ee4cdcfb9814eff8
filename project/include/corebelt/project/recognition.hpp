#pragma once
/// What a layer is, judged by the standard schemas of planning and survey databases: name, fields, geometry, codes.

#include "corebelt/geo/text.hpp"
#include "corebelt/layers/source.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corebelt::project {

/// A layer known by its name or by fields that only its schema has.
struct Recognised {
    std::string theme;            ///< "eco-redline", …
    std::string key;              ///< a name for [layers.<key>]
    std::string schema;           ///< the standard's name of the layer: "STBHHX"; empty where no standard names it
    Text what;                    ///< "生态保护红线"
    Text why;                     ///< "layer name STBHHX", "field YDYHFLDM"
    std::string class_field;      ///< land use only: holds the codes
    std::string class_name_field; ///< the codes' names beside them; empty where there are none
    std::string name_field;       ///< empty where there is none
    std::vector<std::string> id_fields; ///< fields that should tell features apart, best first
    bool lines = false;                 ///< may hold lines (roads)
    bool points = false;                ///< may hold points (hazards, facilities); with neither areas only
};

/// By the layer's name first, then the file's (`stem`: without folder and extension), then by fields; names and
/// fields are compared without regard to case. None where nothing is known for sure. Nothing is read.
[[nodiscard]] std::optional<Recognised> recognise(const layers::LayerInfo& layer, std::string_view stem);
/// What speaks for two themes at once, where that is why recognise() gives none; else empty.
[[nodiscard]] Text recognition_doubt(const layers::LayerInfo& layer, std::string_view stem);

/// Tells the land-use scheme by its codes, and by their names where they stand beside: four digits mean one class in
/// one scheme and another in the next.
class SchemeVote {
public:
    /// @pre `what.class_field` is one of the columns of every batch, as is `class_name_field` where not empty.
    explicit SchemeVote(const Recognised& what);

    void add(const layers::Batch& batch);

    struct Winner {
        std::string scheme;
        std::uint64_t known = 0;             ///< features whose code the scheme has (and names the same)
        std::uint64_t features = 0;          ///< features with a code
        std::vector<std::string> also_fit{}; ///< schemes that know as many
    };
    /// None where no scheme knows at least half of the codes. Of equals the newest.
    [[nodiscard]] std::optional<Winner> winner() const;

private:
    struct Candidate {
        std::string scheme;
        std::uint64_t codes = 0, names = 0;
    };
    std::string code_field_, name_field_;
    std::vector<Candidate> candidates_;
    std::uint64_t features_ = 0;
};

} // namespace corebelt::project
