#include "remembered_run.hpp"

#include "corebelt/layers/memo.hpp"

#include <fmt/format.h>

namespace corebelt::cli {

RememberedRun::RememberedRun(const Common& common, Console& console) : path_(common.remember), console_(console) {
    if (path_.empty())
        return;
    check_folder("--remember", path_);
    memo_ = std::make_unique<layers::Memo>();
    if (const auto problem = memo_->load(path_))
        console_.warning("memo-ignored", *problem);
}

RememberedRun::~RememberedRun() = default;

void RememberedRun::save() {
    if (!memo_)
        return;
    memo_->save(path_);
    const auto counts = memo_->counts();
    const std::uint64_t all = counts.known + counts.worked_out;
    console_.note({fmt::format("measured {} of {}, the rest as remembered in {}", counts.worked_out, all, path_),
                   fmt::format("共 {} 项，重新量算 {} 项，其余取自 {}", all, counts.worked_out, path_)});
}

} // namespace corebelt::cli
