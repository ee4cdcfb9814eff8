#include "corebelt/geo/error.hpp"

#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/stop.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace corebelt {

Error::Error(ErrorKind kind, std::string code, Text text)
    : kind_(kind), code_(std::move(code)), text_(std::move(text)) {}

int exit_code(ErrorKind kind) noexcept {
    switch (kind) {
    case ErrorKind::usage:
        return 2;
    case ErrorKind::input:
        return 3;
    case ErrorKind::output:
        return 5;
    case ErrorKind::stopped:
        return 130;
    case ErrorKind::internal:
        break;
    }
    return 70;
}

namespace {

void print_and_abort(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "corebelt: error[contract]: %s:%d: expected %s\n", file, line, condition);
    std::abort();
}

ContractHandler contract_handler = print_and_abort;

} // namespace

ContractHandler set_contract_handler(ContractHandler handler) noexcept {
    return std::exchange(contract_handler, handler != nullptr ? handler : print_and_abort);
}

void contract_violated(const char* condition, const char* file, int line) {
    contract_handler(condition, file, line);
    std::abort();
}

std::atomic<bool> stop_requested{false};

void throw_if_stopped() {
    if (stop_requested.load(std::memory_order_relaxed))
        throw Error(ErrorKind::stopped, "interrupted", {"interrupted; nothing was written", "已中断，未写出任何文件"});
}

} // namespace corebelt
