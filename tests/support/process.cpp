#include "support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace corebelt::test {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point t) {
    return std::chrono::duration<double>(Clock::now() - t).count();
}

[[noreturn]] void become(const std::vector<std::string>& argv, const ProcessOptions& options, int out, int err) {
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    setenv("LANG", "C.UTF-8", 1);
    unsetenv("LC_ALL");
    unsetenv("LC_MESSAGES");
    for (const auto& [name, value] : options.environment)
        setenv(name.c_str(), value.c_str(), 1);
    if (!options.folder.empty() && chdir(options.folder.c_str()) != 0)
        _exit(127);
    if (options.largest_file > 0) {
        const rlimit limit{options.largest_file, options.largest_file};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    std::vector<char*> words;
    for (const std::string& word : argv)
        words.push_back(const_cast<char*>(word.c_str())); // execv takes char* for history's sake
    words.push_back(nullptr);
    execv(words[0], words.data());
    _exit(127);
}

} // namespace

Outcome run_process(const std::vector<std::string>& argv, const ProcessOptions& options) {
    std::array<int, 2> out{};
    std::array<int, 2> err{};
    if (pipe2(out.data(), O_CLOEXEC) != 0 || pipe2(err.data(), O_CLOEXEC) != 0)
        throw std::runtime_error(std::string("pipe: ") + std::strerror(errno));
    const auto began = Clock::now();
    const pid_t child = fork();
    if (child < 0)
        throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
    if (child == 0)
        become(argv, options, out[1], err[1]);
    close(out[1]);
    close(err[1]);
    if (options.close_stdout_early) {
        close(out[0]);
        out[0] = -1;
    }

    Outcome outcome;
    bool interrupted = false;
    std::array<pollfd, 2> fds{{{out[0], POLLIN, 0}, {err[0], POLLIN, 0}}};
    std::array<std::string*, 2> sinks{&outcome.out, &outcome.err};
    while (fds[0].fd >= 0 || fds[1].fd >= 0) {
        poll(fds.data(), fds.size(), 20);
        for (std::size_t i = 0; i < fds.size(); ++i) {
            if (fds[i].fd < 0 || fds[i].revents == 0)
                continue;
            std::array<char, 65536> buffer;
            const ssize_t n = read(fds[i].fd, buffer.data(), buffer.size());
            if (n > 0) {
                sinks[i]->append(buffer.data(), static_cast<std::size_t>(n));
            } else if (n == 0 || errno != EINTR) {
                close(fds[i].fd);
                fds[i].fd = -1;
            }
        }
        if (options.interrupt_after_s > 0 && !interrupted && seconds_since(began) >= options.interrupt_after_s) {
            kill(child, options.interrupt_signal);
            interrupted = true;
        }
        if (options.meanwhile)
            options.meanwhile();
    }
    int status = 0;
    rusage used{};
    while (wait4(child, &status, 0, &used) < 0 && errno == EINTR) {
    }
    outcome.peak_resident_bytes = static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
    outcome.seconds = seconds_since(began);
    outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return outcome;
}

Outcome run_corebelt(std::vector<std::string> arguments, const ProcessOptions& options) {
    const char* program = std::getenv("COREBELT_PROGRAM");
    if (program == nullptr)
        throw std::runtime_error("COREBELT_PROGRAM is not set; run through ctest");
    arguments.insert(arguments.begin(), program);
    return run_process(arguments, options);
}

} // namespace corebelt::test
