#pragma once
/// The Green sum of A ∩ (B₁ ∪ B₂ ∪ …) where several of the B come into A.

#include "crossings.hpp"
#include "pair_sum.hpp"
#include "prepared_index.hpp"
#include "sum.hpp"

#include <span>
#include <vector>

namespace corebelt::geo {

/// Integrates w_A · [some w_Bj > 0]. Of two features the earlier B is thought shifted, and A never, so no two
/// boundaries have a point in common but crossings. Each edge carries its events, sorted along it: A's pieces
/// count where some B covers them, those of a B where A is and no other B.
class UnionSum {
public:
    /// @pre each B is valid: its own winding number is 0 or 1.
    [[nodiscard]] Overlap operator()(const EdgeTree& a, const Box& box_a, std::span<const PreparedArea* const> bs,
                                     double m2_per_unit2, const GroundForm* ground);

    // Called by the search for crossings.
    void crossing(EdgeOfRun e, EdgeOfRun f, int s);
    void opposite(EdgeOfRun e, EdgeOfRun f, bool strip);

private:
    /// What changes at a place of an edge.
    struct Event {
        std::uint32_t edge = 0;
        double share = 0; ///< of the edge, up to the place
        XY place{};       ///< relative to the origin
        int in_a = 0;     ///< change of w_A (edges of a B)
        int others = 0;   ///< change of Σ w over the other B (for A: over all)
        /// The same, but counted as if strips and gaps without width were not there; lengths use these.
        int in_a_for_length = 0;
        int others_for_length = 0;
        double error = 0; ///< of a crossing, in units of 2⁻⁵³ squared units
    };

    struct Member {
        const EdgeTree* tree = nullptr;
        Box box;
        std::vector<std::uint32_t> runs; ///< those that touch A's box
        std::vector<Event> events;
    };

    /// Winding numbers on one edge.
    struct Depth {
        int in_a = 0;
        int others = 0;
        int in_a_for_length = 0;
        int others_for_length = 0;
    };

    [[nodiscard]] bool is_a(std::size_t member) const { return member + 1 == count_; }
    void search(std::size_t stays, std::size_t shifted);
    void stretch(Member& member, std::uint32_t edge, XY from, XY to, int in_a, int others);
    [[nodiscard]] int winding_of_others(std::size_t member, XY point) const;
    [[nodiscard]] int winding_of_a(XY point) const;
    void member_edges(std::size_t member);
    void chain(std::size_t member, std::size_t first_run, std::size_t end_run);
    void piece(bool of_a, const Depth& depth, XY p, XY q, XY along);
    [[nodiscard]] static bool counts(bool of_a, int in_a, int others) {
        return of_a ? others > 0 : in_a != 0 && others == 0;
    }

    std::vector<Member> members_; ///< the B in the order of their shifts, then A; the first count_ are in use
    std::size_t count_ = 0;
    Box box_a_;
    XY origin_{};
    double diameter_ = 0;
    const GroundForm* ground_form_ = nullptr;

    // The search under way.
    std::size_t stays_ = 0;
    std::size_t shifted_ = 0;
    bool record_stays_ = false;
    bool record_shifted_ = false;

    CompensatedSum doubled_;
    CompensatedSum ground_;
    double error_ = 0;
    double length_ = 0;
    double counted_length_ = 0;
    std::size_t terms_ = 0;
    std::uint32_t crossings_ = 0;
    std::uint32_t parity_violations_ = 0;
};

} // namespace corebelt::geo
