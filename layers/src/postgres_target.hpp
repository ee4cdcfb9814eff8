#pragma once
/// A table of a PostgreSQL database as the place to write to.

#include <gdal_priv.h>

#include <string>

namespace corebelt::layers {

struct PostgresTableName {
    std::string schema; ///< empty: the connection's current schema
    std::string table;

    /// "table" or "schema.table".
    [[nodiscard]] static PostgresTableName parse(const std::string& text);
    [[nodiscard]] std::string to_string() const { return schema.empty() ? table : schema + "." + table; }
    [[nodiscard]] std::string sql() const;
};

/// A connection with one transaction: the destructor without commit() takes back whatever was done. COPY instead of
/// INSERT for as long as the object lives.
class PostgresTarget {
public:
    /// `dataset` as given to GDAL. @throws Error{output, "cannot-write"} without the password.
    explicit PostgresTarget(const std::string& dataset);
    ~PostgresTarget();
    PostgresTarget(const PostgresTarget&) = delete;
    PostgresTarget& operator=(const PostgresTarget&) = delete;

    [[nodiscard]] GDALDataset& dataset() { return *dataset_; }

    enum class Found { nothing, table, other };
    /// What stands under the name; `other` is a view or a foreign table.
    [[nodiscard]] Found find(const PostgresTableName& name);
    void begin();
    /// Fails where a view or a foreign key hangs on the table.
    void drop(const PostgresTableName& name);
    /// Rows by COPY must have ended. @throws Error{output, "cannot-write"}: then nothing was written.
    void commit();
    /// A spatial index, after the rows.
    void index(const PostgresTableName& name, const std::string& column);

private:
    void run(const std::string& sql);

    std::string shown_; ///< of the dataset, without password
    std::string name_;
    GDALDatasetUniquePtr dataset_;
    bool begun_ = false;
};

} // namespace corebelt::layers
