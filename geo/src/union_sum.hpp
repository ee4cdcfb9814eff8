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
    void along(EdgeOfRun e, EdgeOfRun f, bool same_direction, int side_of_f);

private:
    /// Winding numbers of A and, summed, of the B.
    struct Winding {
        int in_a = 0;
        int in_b = 0;

        Winding& operator+=(const Winding& other) {
            in_a += other.in_a;
            in_b += other.in_b;
            return *this;
        }
        friend bool operator==(const Winding&, const Winding&) = default;
        [[nodiscard]] bool counts() const { return in_a != 0 && in_b > 0; }
    };

    /// Edges of other members that lie along an edge are next to it by an infinitesimal shift only. Lengths are those
    /// of the set without such strips and gaps: what lies beyond all of them decides, for one edge of each stack.
    struct Stack {
        Winding left;   ///< from just left of the edge to beyond the stack
        Winding right;  ///< the same to the right
        int before = 0; ///< edges of earlier members in the stack

        Stack& operator+=(const Stack& other) {
            left += other.left;
            right += other.right;
            before += other.before;
            return *this;
        }
    };

    /// What changes at a place of an edge.
    struct Event {
        std::uint32_t edge = 0;
        double share = 0; ///< of the edge, up to the place
        XY place{};       ///< relative to the origin
        Winding change;   ///< of the winding just right of the edge
        Stack stack;      ///< change
        double error = 0; ///< of a crossing, in units of 2⁻⁵³ squared units; 0 for the ends of a stack
    };

    struct Member {
        const EdgeTree* tree = nullptr;
        const CellGrid* grid = nullptr;
        Box box;
        std::vector<std::uint32_t> runs; ///< those that touch A's box
        std::vector<Event> events;

        [[nodiscard]] int winding_about(XY point, Shifted shifted) const {
            const std::optional<int> known = grid != nullptr ? grid->winding_at(point) : std::nullopt;
            return known ? *known : winding(*tree, point, shifted);
        }
    };

    [[nodiscard]] bool is_a(std::size_t member) const { return member + 1 == count_; }
    void search(std::size_t stays, std::size_t shifted);
    void stack(std::size_t member, std::uint32_t edge, std::size_t other, XY from, XY to, int side, int change);
    [[nodiscard]] bool comes_into_a(XY vertex_of_b) const {
        return contains(box_a_, vertex_of_b) && members_[count_ - 1].winding_about(vertex_of_b, Shifted::point) != 0;
    }
    [[nodiscard]] Winding winding_at(std::size_t member, XY point) const;
    void member_edges(std::size_t member);
    void chain(std::size_t member, std::size_t first_run, std::size_t end_run);
    void piece(bool of_a, const Winding& right, const Stack& stack, XY p, XY q, XY along);
    /// True where an edge with this winding on its right counts.
    [[nodiscard]] static bool is_boundary(bool of_a, const Winding& right) {
        return of_a ? right.in_b > 0 : right.in_a != 0 && right.in_b == 0;
    }
    /// What an edge of A or of a B adds to the winding from its right to its left.
    [[nodiscard]] static Winding own(bool of_a) { return of_a ? Winding{1, 0} : Winding{0, 1}; }

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
    double length_ = 0;         ///< boundary of the common set
    double counted_length_ = 0; ///< of the pieces that were summed
    std::size_t terms_ = 0;
    std::uint32_t crossings_ = 0;
    std::uint32_t parity_violations_ = 0;
};

} // namespace corebelt::geo
