#include "arguments.hpp"
#include "console.hpp"
#include "verbs.hpp"

#include "corebelt/geo/error.hpp"
#include "corebelt/geo/stop.hpp"

#include <unistd.h>

#include <csignal>
#include <exception>
#include <new>
#include <variant>

namespace {

std::atomic<int> stop_signal{0};

/// The first signal asks for a tidy end; a second one ends at once.
void on_stop(int signal) {
    if (stop_signal.exchange(signal) != 0)
        _exit(128 + signal);
    corebelt::stop_requested = true;
}

struct Run {
    corebelt::cli::Console& console;

    int operator()(const corebelt::cli::ShowText& shown) const {
        console.print(shown.text);
        return 0;
    }
    int operator()(const corebelt::cli::InfoArguments& a) const { return run(corebelt::cli::run_info, a); }
    int operator()(const corebelt::cli::TabulateArguments& a) const { return run(corebelt::cli::run_tabulate, a); }
    int operator()(const corebelt::cli::MeasureArguments& a) const { return run(corebelt::cli::run_measure, a); }
    int operator()(const corebelt::cli::CheckArguments& a) const { return run(corebelt::cli::run_check, a); }
    int operator()(const corebelt::cli::MapArguments& a) const { return run(corebelt::cli::run_map, a); }
    int operator()(const corebelt::cli::TilesArguments& a) const { return run(corebelt::cli::run_tiles, a); }
    int operator()(const corebelt::cli::ConvertArguments& a) const { return run(corebelt::cli::run_convert, a); }
    int operator()(const corebelt::cli::InitArguments& a) const { return run(corebelt::cli::run_init, a); }

private:
    template <class Arguments>
    int run(int (*verb)(const Arguments&, corebelt::cli::Console&), const Arguments& arguments) const {
        console.obey(arguments.common);
        return verb(arguments, console);
    }
};

} // namespace

int main(int argc, char** argv) {
    using namespace corebelt;
    std::signal(SIGINT, on_stop);
    std::signal(SIGTERM, on_stop);
    std::signal(SIGXFSZ, SIG_IGN); // a file too large for its limit is a write that fails, and is said
    cli::Console console(cli::early_lang(argc, argv));
    try {
        return std::visit(Run{console}, cli::parse_arguments(argc, argv));
    } catch (const Error& error) {
        console.error(error);
        if (error.kind() == ErrorKind::stopped && stop_signal != 0)
            return 128 + stop_signal;
        return exit_code(error.kind());
    } catch (const std::bad_alloc&) {
        console.error(Error(ErrorKind::internal, "out-of-memory",
                            {"not enough memory for this job on this machine", "内存不足，本机无法完成此任务"}));
    } catch (const std::exception& defect) {
        console.error(Error(ErrorKind::internal, "internal",
                            {std::string("a defect of corebelt, please report it: ") + defect.what(),
                             std::string("corebelt 内部缺陷，请报告：") + defect.what()}));
    }
    return exit_code(ErrorKind::internal);
}
