#pragma once
/// A project judged: every rule, every subject, with amounts, bounds and evidence.

#include "corebelt/geo/shapes.hpp"
#include "corebelt/layers/dataset.hpp"
#include "corebelt/layers/issue.hpp"
#include "corebelt/project/project.hpp"
#include "corebelt/rules/verdict.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace corebelt::layers {
class Memo;
}

namespace corebelt::rules {

struct CheckOptions {
    unsigned jobs = 1;
    std::uint32_t batch_features = 4096;
    bool trust_geometry = false;
    std::vector<std::string> only_rules; ///< --rule ID; empty: all
    layers::Memo* memo = nullptr;        ///< measures of earlier runs; the result is the same with any and with none
    /// Called with what is being done (layer or rule) and done/total; total 0 where unknown.
    std::function<void(const std::string& what, std::uint64_t done, std::uint64_t total)> progress;
};

struct InputRecord {
    std::string name, source, sha256, crs, encoding, encoding_why;
    std::uint64_t features = 0, repaired = 0, rejected = 0;
};

/// A subject as reports name it: layer key, id (FID where no id field), name. A group has its value as id; all
/// features together have the layer that the rule names and the id "all"; demands on a structure as a whole have a
/// role ("core", "zone", …) or "unassigned" as id.
struct SubjectName {
    std::string layer, id, name;
};

struct SubjectResult {
    SubjectName subject;
    Verdict verdict = Verdict::undecided;
    std::optional<double> measured; ///< in the rule's unit
    std::string unit;               ///< "m2", "ratio", "m", "count", "km2"
    double error_bound = 0;         ///< numerical bound of the method, in `unit`
    /// What moving the boundary by one step of the coordinates' precision, 1 mm, may change, in `unit`: for areas the
    /// length of boundary times the step, for lengths two steps. None for counts.
    std::optional<double> sensitivity;
    /// One such step could carry the value over its limit (where the limit is zero: the area over the tolerance).
    bool near_limit = false;
    double sliver_area_m2 = 0; ///< on the map
    std::uint64_t sliver_count = 0;
    /// Areas on both surfaces where the amount is an area: planar and the official/ground one.
    std::optional<double> planar_m2, ellipsoidal_m2;
    /// no-overlap: land under several objects counted once, and once for each.
    std::optional<double> union_m2, each_m2;
    Text note; ///< why undecided, which declared area agrees, …; may be empty
};

/// Evidence of one violation: no-overlap and within name the feature, and the object where there is just one, with
/// the pieces that are no slivers; distance has the line between the nearest points; the rest has a box.
struct Finding {
    SubjectName subject;
    std::optional<SubjectName> object;
    double measured = 0;            ///< of areas: all of the amount, slivers included
    std::optional<double> expected; ///< the limit, or the declared area
    std::string unit;
    geo::Box bbox;        ///< project CRS
    geo::Shapes geometry; ///< one feature, project CRS; may be empty
};

struct ReadingResult {
    std::string id, title;
    SubjectName subject;
    std::optional<double> measured;
    Verdict verdict = Verdict::undecided;
};

struct Threshold {
    std::string op; ///< ">=", "<=", "="
    double value = 0;
    std::string unit;
};

struct WaiverRecord {
    std::string subject, reason, by, until;
};

struct RuleResult {
    std::string id, title, clause, source, edition, kind, origin;
    bool binding = false, verified = false, expired = false;
    Verdict verdict = Verdict::undecided;
    std::optional<Threshold> threshold; ///< first limit; a second one is in `threshold_max`
    std::optional<Threshold> threshold_max;
    std::optional<double> measured; ///< worst subject's, in `unit`
    std::string unit;
    double error_bound = 0;
    std::string method; ///< "cn2008", "planar", …
    std::vector<ReadingResult> readings;
    /// `fail` leaves out the waived ones; not_applicable and info are in `subjects` only.
    struct Counts {
        std::uint64_t subjects = 0, pass = 0, fail = 0, warn = 0, undecided = 0, waived = 0;
    } counts;
    std::vector<SubjectResult> subjects; ///< by layer, then id; passed ones too
    std::vector<Finding> findings;       ///< by layer, then id
    std::vector<WaiverRecord> waivers;
    Text note; ///< why undecided or not applicable; may be empty
};

struct CheckResult {
    Verdict verdict = Verdict::not_applicable;
    std::string project_title, project_path, as_of, note;
    std::string crs_label, crs_wkt, crs_name;
    bool crs_geographic = false;
    geo::AreaMethod area = geo::AreaMethod::cn2008;
    std::vector<InputRecord> inputs;   ///< file order
    std::vector<RuleResult> rules;     ///< file order
    std::vector<layers::Issue> issues; ///< sorted
    std::uint64_t kernel_pairs = 0, kernel_cut = 0, parity_violations = 0;
};

/// Evaluates a project. Reads each layer once per pass, folds over batches, uses `jobs` threads; the result does
/// not depend on jobs, batch size or feature order.
/// @throws Error{input} where a declared layer cannot be read; Error{usage} for fields that do not exist;
///         Error{stopped}.
[[nodiscard]] CheckResult check(const project::Project& project, const CheckOptions& options);

/// Where check() gets its layers from: files, unless a caller has them already.
struct LayerAccess {
    /// Takes the layer's resolved path; as layers::open_layer.
    std::function<std::unique_ptr<layers::BatchSource>(const std::string& path, const layers::OpenOptions&)> open;
    /// SHA-256 of the dataset in hex; empty where there is no file.
    std::function<std::string(const std::string& path)> sha256;

    [[nodiscard]] static LayerAccess files();
};

/// The same over layers that come from elsewhere.
[[nodiscard]] CheckResult check(const project::Project& project, const CheckOptions& options,
                                const LayerAccess& access);

} // namespace corebelt::rules
