package rolegroup

import "sleutelbos/domain"

// GrantPermission gives a permission to whoever has the role group.
type GrantPermission struct {
	Permission Permission
}

func (c GrantPermission) decide(s State) ([]Event, error) {
	if err := s.mayChange(c.Permission); err != nil {
		return nil, err
	}
	if s.Permissions.Has(string(c.Permission)) {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{PermissionGranted(c)}, nil
}

// PermissionGranted says that whoever has the role group got a permission.
type PermissionGranted struct {
	Permission Permission `json:"permission"`
}

func (e PermissionGranted) evolve(s State) State {
	s.Permissions = s.Permissions.With(string(e.Permission))
	return s
}

// WithdrawPermission takes a permission from whoever has the role group.
type WithdrawPermission struct {
	Permission Permission
}

func (c WithdrawPermission) decide(s State) ([]Event, error) {
	if err := s.mayChange(c.Permission); err != nil {
		return nil, err
	}
	if !s.Permissions.Has(string(c.Permission)) {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{PermissionWithdrawn(c)}, nil
}

// PermissionWithdrawn says that whoever has the role group lost a permission.
type PermissionWithdrawn struct {
	Permission Permission `json:"permission"`
}

func (e PermissionWithdrawn) evolve(s State) State {
	s.Permissions = s.Permissions.Without(string(e.Permission))
	return s
}

func (s State) mayChange(p Permission) error {
	if !s.Exists {
		return ErrNotFound
	}
	return domain.First(p.known(), s.InUse())
}
