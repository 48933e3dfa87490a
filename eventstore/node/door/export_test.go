package door

// Methods returns the full names of the calls that a door takes.
func Methods(s *Server) []string {
	var all []string
	for service, info := range s.grpc.GetServiceInfo() {
		for _, m := range info.Methods {
			all = append(all, "/"+service+"/"+m.Name)
		}
	}
	return all
}
