#include "corebelt/layers/parallel_read.hpp"

#include "next_in_steps.hpp"

#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/stop.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace corebelt::layers {

namespace {

struct Numbered {
    std::unique_ptr<RawRows> rows;
    std::uint64_t number = 0;
};

/// Rows between one reader and its takers, bounded by bytes so that memory is.
class Waiting {
public:
    explicit Waiting(std::uint64_t most_bytes) : most_bytes_(most_bytes) {}

    [[nodiscard]] bool is_full() {
        const std::lock_guard lock(mutex_);
        return full();
    }
    /// Waits while it is full; false where nobody takes any more.
    bool wait_for_room() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return closed_ || !full(); });
        return !closed_;
    }
    void put(Numbered rows) {
        const std::lock_guard lock(mutex_);
        bytes_ += rows.rows->bytes();
        rows_.push_back(std::move(rows));
        changed_.notify_all();
    }
    /// Without rows: there will be none.
    Numbered take() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return closed_ || !rows_.empty(); });
        if (rows_.empty() || failure_)
            return {};
        auto rows = std::move(rows_.front());
        rows_.pop_front();
        bytes_ -= rows.rows->bytes();
        changed_.notify_all();
        return rows;
    }
    void close() {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        changed_.notify_all();
    }
    void fail(std::exception_ptr failure) {
        const std::lock_guard lock(mutex_);
        if (!failure_)
            failure_ = std::move(failure);
        closed_ = true;
        changed_.notify_all();
    }
    [[nodiscard]] std::exception_ptr failure() {
        const std::lock_guard lock(mutex_);
        return failure_;
    }

private:
    [[nodiscard]] bool full() const { return !rows_.empty() && bytes_ >= most_bytes_; }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Numbered> rows_;
    std::uint64_t bytes_ = 0;
    std::uint64_t most_bytes_;
    std::exception_ptr failure_;
    bool closed_ = false;
};

/// One thread's part: judges rows and hands them on, in buffers of its own.
class Worker {
public:
    Worker(BatchSource& source, const BatchUse& use, unsigned number) : source_(source), use_(use), number_(number) {}

    void work_on(Numbered rows) {
        throw_if_stopped();
        source_.judge(*rows.rows, batch_.rows, batch_.doubtful_fids);
        rows.rows.reset();
        batch_.number = rows.number;
        use_(number_, batch_);
    }
    void work_from(Waiting& waiting) {
        try {
            for (auto rows = waiting.take(); rows.rows; rows = waiting.take())
                work_on(std::move(rows));
        } catch (...) {
            waiting.fail(std::current_exception());
        }
    }

private:
    BatchSource& source_;
    const BatchUse& use_;
    unsigned number_;
    JudgedBatch batch_;
};

/// A source whose reading runs ahead of its user.
class AheadSource final : public BatchSource {
public:
    AheadSource(std::unique_ptr<BatchSource> source, std::uint64_t bytes)
        : source_(std::move(source)), waiting_(bytes), reader_([this] { run(); }) {}
    ~AheadSource() override { waiting_.close(); }
    AheadSource(const AheadSource&) = delete;
    AheadSource& operator=(const AheadSource&) = delete;

    [[nodiscard]] const LayerInfo& info() const override { return source_->info(); }
    [[nodiscard]] const DoorCounts& counts() const override { return source_->counts(); }
    [[nodiscard]] const IssueLog& issues() const override { return source_->issues(); }
    bool next(Batch& batch) override { return next_in_steps(*this, at_end_, batch); }

    [[nodiscard]] std::unique_ptr<RawRows> read() override {
        auto rows = waiting_.take();
        if (const auto failure = waiting_.failure())
            std::rethrow_exception(failure);
        return std::move(rows.rows);
    }
    void judge(RawRows& rows, Batch& batch, std::vector<std::int64_t>& doubtful_fids) override {
        source_->judge(rows, batch, doubtful_fids);
    }
    void finish() override { source_->finish(); }

private:
    void run() {
        try {
            while (waiting_.wait_for_room()) {
                auto rows = source_->read();
                if (!rows)
                    break;
                waiting_.put({std::move(rows), 0});
            }
            waiting_.close();
        } catch (...) {
            waiting_.fail(std::current_exception());
        }
    }

    std::unique_ptr<BatchSource> source_;
    Waiting waiting_;
    bool at_end_ = false;
    std::jthread reader_; ///< last: it uses the others
};

} // namespace

void read_in_parallel(BatchSource& source, unsigned jobs, const BatchUse& use, const ReadProgress& progress) {
    COREBELT_EXPECTS(jobs > 0);
    const std::uint64_t total = expected_rows(source.info());
    std::uint64_t done = 0;
    std::uint64_t number = 0;
    Worker own(source, use, 0);
    Waiting waiting(waiting_bytes);
    {
        std::vector<std::jthread> threads;
        try {
            for (unsigned job = 1; job < jobs; ++job)
                threads.emplace_back([&, job] { Worker(source, use, job).work_from(waiting); });
            while (!waiting.failure()) {
                throw_if_stopped();
                auto rows = source.read();
                if (!rows)
                    break;
                done += rows->size();
                if (progress)
                    progress(done, total);
                Numbered next{std::move(rows), number++};
                if (jobs == 1 || waiting.is_full())
                    own.work_on(std::move(next));
                else
                    waiting.put(std::move(next));
            }
            waiting.close();
            own.work_from(waiting);
        } catch (...) {
            waiting.fail(std::current_exception());
        }
    }
    if (const auto failure = waiting.failure())
        std::rethrow_exception(failure);
    source.finish();
}

std::unique_ptr<BatchSource> read_ahead(std::unique_ptr<BatchSource> source, std::uint64_t bytes) {
    return std::make_unique<AheadSource>(std::move(source), bytes);
}

} // namespace corebelt::layers
