#include "batch_fold.hpp"

#include "corebelt/geo/expects.hpp"
#include "corebelt/geo/stop.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace corebelt::rules {

namespace {

/// Reads one batch and notes what the door has doubted so far.
bool read_one(layers::BatchSource& source, ReadBatch& batch) {
    throw_if_stopped();
    if (!source.next(batch.rows))
        return false;
    batch.doubtful_fids = source.counts().doubtful_fids;
    std::sort(batch.doubtful_fids.begin(), batch.doubtful_fids.end());
    return true;
}

class ProgressCount {
public:
    ProgressCount(const Progress& progress, const layers::BatchSource& source)
        : progress_(progress),
          total_(static_cast<std::uint64_t>(std::max<std::int64_t>(source.info().feature_count.value_or(0), 0))) {}
    void add(std::size_t features) {
        done_ += features;
        if (progress_)
            progress_(done_, total_);
    }

private:
    const Progress& progress_;
    std::uint64_t total_;
    std::uint64_t done_ = 0;
};

/// Batches between the reader and the workers: few, so that memory stays bounded, and their buffers are reused.
class Queue {
public:
    explicit Queue(std::size_t capacity) : capacity_(capacity) {}

    /// Hands a batch over; gives it back where the queue is full.
    std::unique_ptr<ReadBatch> offer(std::unique_ptr<ReadBatch> batch) {
        const std::lock_guard lock(mutex_);
        if (ready_.size() >= capacity_)
            return batch;
        ready_.push_back(std::move(batch));
        changed_.notify_one();
        return nullptr;
    }
    /// Next batch; null when there will be none.
    std::unique_ptr<ReadBatch> take() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return !ready_.empty() || closed_; });
        if (ready_.empty() || failure_)
            return nullptr;
        auto batch = std::move(ready_.front());
        ready_.pop_front();
        return batch;
    }
    void give_back(std::unique_ptr<ReadBatch> batch) {
        const std::lock_guard lock(mutex_);
        spare_.push_back(std::move(batch));
    }
    std::unique_ptr<ReadBatch> spare() {
        const std::lock_guard lock(mutex_);
        if (spare_.empty())
            return std::make_unique<ReadBatch>();
        auto batch = std::move(spare_.back());
        spare_.pop_back();
        return batch;
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
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::unique_ptr<ReadBatch>> ready_;
    std::vector<std::unique_ptr<ReadBatch>> spare_;
    std::exception_ptr failure_;
    std::size_t capacity_;
    bool closed_ = false;
};

void work(Queue& queue, BatchFold& fold) {
    try {
        while (auto batch = queue.take()) {
            throw_if_stopped();
            fold.add(*batch);
            queue.give_back(std::move(batch));
        }
    } catch (...) {
        queue.fail(std::current_exception());
    }
}

void read_alone(layers::BatchSource& source, BatchFold& fold, ProgressCount& count) {
    ReadBatch batch;
    while (read_one(source, batch)) {
        fold.add(batch);
        count.add(batch.rows.size());
    }
}

} // namespace

void read_into(layers::BatchSource& source, std::span<BatchFold* const> folds, const Progress& progress) {
    COREBELT_EXPECTS(!folds.empty());
    ProgressCount count(progress, source);
    if (folds.size() == 1)
        return read_alone(source, *folds[0], count);

    Queue queue(2 * folds.size());
    {
        std::vector<std::jthread> workers;
        try {
            for (BatchFold* fold : folds.subspan(1))
                workers.emplace_back([&queue, fold] { work(queue, *fold); });
            while (!queue.failure()) {
                auto batch = queue.spare();
                if (!read_one(source, *batch))
                    break;
                count.add(batch->rows.size());
                if (auto refused = queue.offer(std::move(batch))) {
                    folds[0]->add(*refused);
                    queue.give_back(std::move(refused));
                }
            }
            queue.close();
            work(queue, *folds[0]);
        } catch (...) {
            queue.fail(std::current_exception());
        }
    }
    if (const auto failure = queue.failure())
        std::rethrow_exception(failure);
}

} // namespace corebelt::rules
