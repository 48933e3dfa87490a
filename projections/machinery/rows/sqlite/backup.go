package sqlite

import (
	"context"
	"fmt"
	"path/filepath"

	"sleutelbos/internal/sqlitex"
)

// BackupReactors writes a copy of the reactors' checkpoints in a folder to a new file (mode
// 0600), while others use them; read models are made again from the log instead. The copy
// is durable when it returns. It refuses to overwrite.
func BackupReactors(ctx context.Context, dir, path string) error {
	if err := sqlitex.Copy(ctx, filepath.Join(dir, reactorsFile), path); err != nil {
		return fmt.Errorf("back the reactors' checkpoints up: %w", err)
	}
	return nil
}
