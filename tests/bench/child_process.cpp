#include "child_process.hpp"

#include "stopwatch.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace corebelt::bench {
namespace {

bool send(int pipe, const void* data, std::size_t size) {
    const auto* bytes = static_cast<const char*>(data);
    while (size > 0) {
        const ssize_t done = write(pipe, bytes, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes += done;
        size -= static_cast<std::size_t>(done);
    }
    return true;
}

bool receive(int pipe, void* data, std::size_t size) {
    auto* bytes = static_cast<char*>(data);
    while (size > 0) {
        const ssize_t done = read(pipe, bytes, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes += done;
        size -= static_cast<std::size_t>(done);
    }
    return true;
}

ChildCost run_here(std::vector<char*> arguments) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    const Stopwatch watch;
    pid_t child = 0;
    const int failed = posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0)
        return {127, 0, 0, 0};
    int status = 0;
    rusage usage{};
    while (wait4(child, &status, 0, &usage) < 0)
        if (errno != EINTR)
            return {127, 0, 0, 0};
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), watch.seconds(),
            seconds(usage.ru_utime) + seconds(usage.ru_stime), static_cast<double>(usage.ru_maxrss) / 1024};
}

/// Takes orders (size, then arguments each ended by NUL) until the pipe closes.
void serve(int orders, int costs) {
    for (std::size_t size = 0; receive(orders, &size, sizeof size);) {
        std::string text(size, '\0');
        if (!receive(orders, text.data(), size))
            return;
        std::vector<char*> arguments;
        for (std::size_t at = 0; at < size; at += std::strlen(text.data() + at) + 1)
            arguments.push_back(text.data() + at);
        arguments.push_back(nullptr);
        const ChildCost cost = run_here(std::move(arguments));
        if (!send(costs, &cost, sizeof cost))
            return;
    }
}

} // namespace

Launcher::Launcher() {
    std::array<int, 2> orders{};
    std::array<int, 2> costs{};
    if (pipe2(orders.data(), O_CLOEXEC) != 0 || pipe2(costs.data(), O_CLOEXEC) != 0)
        throw std::runtime_error(std::string("cannot make a pipe: ") + std::strerror(errno));
    process_ = fork();
    if (process_ < 0)
        throw std::runtime_error(std::string("cannot start a process: ") + std::strerror(errno));
    if (process_ == 0) {
        close(orders[1]);
        close(costs[0]);
        serve(orders[0], costs[1]);
        _exit(0);
    }
    close(orders[0]);
    close(costs[1]);
    orders_ = orders[1];
    costs_ = costs[0];
}

Launcher::~Launcher() {
    close(orders_);
    close(costs_);
    waitpid(process_, nullptr, 0);
}

ChildCost Launcher::run(const std::vector<std::string>& command) {
    std::string text;
    for (const std::string& argument : command)
        text += argument + '\0';
    const std::size_t size = text.size();
    ChildCost cost;
    if (!send(orders_, &size, sizeof size) || !send(orders_, text.data(), size) || !receive(costs_, &cost, sizeof cost))
        throw std::runtime_error("the launcher of programs has ended");
    return cost;
}

} // namespace corebelt::bench
