"""Service items (政务服务事项): what each asks of an applicant, and what may be looked up for it instead."""
