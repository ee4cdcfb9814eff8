#include "corebelt/rules/verdict.hpp"

#include <array>

namespace corebelt::rules {

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::pass:
        return "pass";
    case Verdict::warn:
        return "warn";
    case Verdict::fail:
        return "fail";
    case Verdict::undecided:
        return "undecided";
    case Verdict::info:
        return "info";
    case Verdict::not_applicable:
        break;
    }
    return "not_applicable";
}

Verdict worse(Verdict a, Verdict b) {
    constexpr std::array order{Verdict::fail, Verdict::undecided, Verdict::warn, Verdict::pass};
    for (const Verdict verdict : order)
        if (a == verdict || b == verdict)
            return verdict;
    return Verdict::not_applicable;
}

} // namespace corebelt::rules
